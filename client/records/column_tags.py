"""Column tags: what columns that belong together share; basis and retention follow from the purpose."""

from typing import Final

from client.records.inventory import Basis, Category, Purpose, Retention, tag

ROSTER_ID: Final = tag(Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT, category=Category.OPAQUE_ID)
ROSTER_NAME: Final = tag(Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT, category=Category.NAME)
ROSTER: Final = tag(Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT, category=Category.EDUCATION_RECORD)
KEY: Final = tag(Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT, category=Category.SECRET)
CLASS: Final = tag(Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.SCHOOL, category=Category.EDUCATION_RECORD)
GROUP_ID: Final = tag(Purpose.FAIRNESS, Basis.DUTY, Retention.ENROLMENT, category=Category.OPAQUE_ID)
GROUP: Final = tag(Purpose.FAIRNESS, Basis.DUTY, Retention.ENROLMENT, category=Category.GROUP)
CONSENT: Final = tag(Purpose.ACCOUNTABILITY, Basis.DUTY, Retention.SEVEN_YEARS, category=Category.CONSENT_RECORD)
EVIDENCE_ID: Final = tag(
    Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT_AND_YEAR, category=Category.OPAQUE_ID
)
EVIDENCE: Final = tag(
    Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.ENROLMENT_AND_YEAR, category=Category.EDUCATION_RECORD
)
OPEN_ITEM: Final = tag(
    Purpose.PRACTICE, Basis.SCHOOL_TASK, Retention.WHILE_OPEN, category=Category.EDUCATION_RECORD
)
SESSION: Final = tag(Purpose.SIGN_IN, Basis.SCHOOL_TASK, Retention.WHILE_OPEN, category=Category.OPAQUE_ID)
SESSION_SECRET: Final = tag(Purpose.SIGN_IN, Basis.SCHOOL_TASK, Retention.WHILE_OPEN, category=Category.SECRET)
STAFF: Final = tag(Purpose.SIGN_IN, Basis.SCHOOL_TASK, Retention.EMPLOYMENT, category=Category.STAFF_RECORD)
STAFF_SECRET: Final = tag(Purpose.SIGN_IN, Basis.SCHOOL_TASK, Retention.EMPLOYMENT, category=Category.SECRET)
MODEL: Final = tag(Purpose.OPERATION, Basis.NOT_PERSONAL, Retention.SCHOOL, category=Category.MODEL)
TRAINING: Final = tag(Purpose.FEDERATED_TRAINING, Basis.CONSENT, Retention.SEVEN_YEARS, category=Category.EVENT)
TRAINING_REPLY: Final = tag(
    Purpose.FEDERATED_TRAINING, Basis.CONSENT, Retention.SEVEN_YEARS, category=Category.MODEL
)
AUDIT: Final = tag(Purpose.ACCOUNTABILITY, Basis.DUTY, Retention.SEVEN_YEARS, category=Category.EVENT)
