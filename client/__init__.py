"""The school's engine; speaks no HTTP to students."""
