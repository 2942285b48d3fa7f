"""Why the product holds what it holds, who reads it and for how long: the lines of the record of processing.

Bases and periods are defaults that a School's data protection officer checks before the product is used.
"""

from __future__ import annotations

from overview.personal.holding import Category

_TASK = "Public task, Article 6(1)(e) UK GDPR"
_INTEREST = "Legitimate interests, Article 6(1)(f) UK GDPR"
_EXPLICIT = "Consent, Article 6(1)(a), and explicit consent, Article 9(2)(a) UK GDPR"

ACCOUNT = Category(
    key="account",
    title="Account",
    purpose="To know who somebody is and how to write to them.",
    basis=_TASK,
    read_by="The person; partners and offices the name, and the address where a policy says so",
    kept="the last sign-in, or the last cohort if that is later",
    months=24,
)
SIGN_IN = Category(
    key="sign-in",
    title="Sign-in and security",
    purpose="To let nobody but the person in: sessions, second steps, addresses that wait to be proved.",
    basis=f"{_INTEREST}: security",
    read_by="Nobody; the product itself",
    kept="the last use",
    months=12,
)
APPLICATIONS = Category(
    key="applications",
    title="Applications",
    purpose="To decide who takes part in a programme, and to say who somebody is to those they are matched with.",
    basis=f"{_TASK}; where the programme itself tells of ethnicity, explicit consent, Article 9(2)(a)",
    read_by="The person; the programme's office; partners the facts that the policy lists",
    kept="the end of the cohort",
    months=24,
)
ACCEPTANCES = Category(
    key="acceptances",
    title="Acceptance of policies",
    purpose="To show who accepted which policy, and when.",
    basis=f"{_TASK}; accountability, Article 5(2)",
    read_by="The person; the programme's office",
    kept="the end of the cohort",
    months=72,
)
DECLARATIONS = Category(
    key="declarations",
    title="Declaration of eligibility",
    purpose="To keep a programme to the people for whom it was made (Equality Act 2010, s. 158).",
    basis=_EXPLICIT,
    read_by="The person; who decides eligibility for the programme",
    kept="the end of the cohort, or the day it was taken back",
    months=6,
)
TRAINING = Category(
    key="training",
    title="Training",
    purpose="To give places at training sessions, and to know who was there.",
    basis=_TASK,
    read_by="The person; the programme's office",
    kept="the end of the cohort",
    months=24,
)
PARTNERSHIPS = Category(
    key="partnerships",
    title="Partnerships",
    purpose="To bring mentors and mentees together, and to help where it doesn't work.",
    basis=_TASK,
    read_by="Who is in them; the programme's office",
    kept="the end of the cohort",
    months=24,
)
DISCLOSURES = Category(
    key="disclosures",
    title="Who has seen what",
    purpose="To tell everybody to whom which of their details were shown.",
    basis=f"{_TASK}; accountability, Article 5(2)",
    read_by="The person whom it is about; the programme's office",
    kept="the end of the cohort",
    months=24,
)
MEETINGS = Category(
    key="meetings",
    title="Meetings",
    purpose="To plan and count meetings: when, how long and how, never what was said.",
    basis=_TASK,
    read_by="Who is in the partnership; the programme's office, but for the place",
    kept="the end of the cohort",
    months=24,
)
REMINDERS = Category(
    key="reminders",
    title="Reminders",
    purpose="To remind nobody twice of the same thing, or of more than once a week.",
    basis=_TASK,
    read_by="The person; the programme's office their number",
    kept="the end of the cohort",
    months=12,
)
MATCHING = Category(
    key="matching",
    title="Records of matching",
    purpose="To suggest partnerships, and to show afterwards that a run was right and fair.",
    basis=f"{_TASK}. A person decides on each suggestion (Article 22A)",
    read_by="The programme's office",
    kept="the end of the cohort",
    months=12,
)
MAIL = Category(
    key="mail",
    title="Kept e-mails",
    purpose="To send each message once, and to say whether it left. Words are forgotten before the rest.",
    basis=_TASK,
    read_by="The programme's office when and what kind; nobody the words",
    kept="the day it left",
    months=24,
)
CONCERNS = Category(
    key="concerns",
    title="Concerns",
    purpose="To follow up what somebody raised, to keep people safe, and to answer for it later.",
    basis=(
        f"{_TASK}; substantial public interest, Article 9(2)(g), with Data Protection Act 2018,"
        " Sch. 1 paras 10, 11 and 18; legal claims, Article 9(2)(f)"
    ),
    read_by="The programme's handlers of concerns, but for whom a case is about; who raised it, their own part",
    kept="the day the case was closed",
    months=72,
)
QUESTIONS = Category(
    key="questions",
    title="Questions and answers",
    purpose="To answer questions about a programme.",
    basis=_INTEREST,
    read_by="The programme's office; everybody a published question, without its asker",
    kept="the answer",
    months=12,
)
DUTIES = Category(
    key="duties",
    title="Office and its history",
    purpose="To let the right people do an office's work, and to know who changed what.",
    basis=f"{_TASK}; accountability, Article 5(2)",
    read_by="The programme's office; administrators",
    kept="the change",
    months=24,
)
ALUMNI = Category(
    key="alumni",
    title="Alumni list",
    purpose="To check that a mentor is an alumna or alumnus, where a programme asks for that.",
    basis=_TASK,
    read_by="The programme's office",
    kept="the end of the programme's last cohort",
    months=24,
)
EQUALITY = Category(
    key="equality",
    title="Equality monitoring",
    purpose="To see whether a programme treats groups alike; in rounded figures only, never for a decision.",
    basis=(
        f"{_TASK}; substantial public interest, Article 9(2)(g), with Data Protection Act 2018, Sch. 1 para 8"
    ),
    read_by="Nobody the answers; the office rounded figures",
    kept="the end of the cohort",
    months=6,
)
REQUESTS = Category(
    key="requests",
    title="Requests about personal data",
    purpose="To do what somebody asked for by its day, and to show that it was done.",
    basis="Legal obligation, Article 6(1)(c) UK GDPR",
    read_by="The person; administrators",
    kept="the day it was done",
    months=36,
)
INTERESTS = Category(
    key="interests",
    title="Who hears when a programme widens",
    purpose="To write once to whoever is outside a programme and asked for that.",
    basis="Consent, Article 6(1)(a) UK GDPR",
    read_by="Nobody; the office how many",
    kept="the day it was confirmed",
    months=36,
)

CATEGORIES: tuple[Category, ...] = (
    ACCOUNT,
    SIGN_IN,
    APPLICATIONS,
    ACCEPTANCES,
    DECLARATIONS,
    TRAINING,
    PARTNERSHIPS,
    DISCLOSURES,
    MEETINGS,
    REMINDERS,
    MATCHING,
    MAIL,
    CONCERNS,
    QUESTIONS,
    DUTIES,
    ALUMNI,
    EQUALITY,
    REQUESTS,
    INTERESTS,
)
