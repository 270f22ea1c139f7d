"""The school's web pages: parse, call client, render."""
