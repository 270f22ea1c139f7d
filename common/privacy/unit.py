"""The privacy unit and the neighbouring relation, named once for every mechanism and report."""

# One student's whole history at one school: all of it is summed before the clip.
PRIVACY_UNIT = "student"
# Two sets of histories are neighbours when one holds one student's whole history more than the other.
NEIGHBOURING_RELATION = "add or remove one student"
