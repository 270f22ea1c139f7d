"""The school's side of the consortium: enrolment, policy, link, releases."""
