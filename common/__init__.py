"""What both sides share: wire types, models and the privacy kernel; imports nothing else of ours."""
