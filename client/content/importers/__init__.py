"""Readers of other projects' course content, which turn it into Homeroom's own content format."""
