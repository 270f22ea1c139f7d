"""The school's commands: each parses nothing, calls the engine and prints what a person needs."""
