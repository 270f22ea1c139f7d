"""What installs and demonstrates Homeroom."""
