"""Who the script's leads are. Every value is one that nobody prints by accident."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prospect:
    """A person, and what they say of themselves."""

    email: str
    profile: dict[str, str | int]

    @property
    def lead(self) -> str:
        """How a CRM names them in a path."""
        return f"email:{self.email}"

    def did(self, kind: str, id: str, **more: object) -> dict:
        """An activity of theirs."""
        return {"id": id, "type": kind, "email": self.email, "profile": self.profile, **more}


def _prospect(first: str, last: str, title: str, country: str | None, number: int) -> Prospect:
    where = {"country": country} if country else {}
    company = f"{last} Works"
    profile = {"name": f"{first} {last}", "title": title, "company": company, **where}
    phone = f"+1202555{number:04}"
    email = f"{first}.{last}@{last}-works.example".lower()
    return Prospect(email, {**profile, "phone": phone})


KIM = _prospect("Kimberley", "Quillfeather", "VP Sales", "DE", 160)
LENA = _prospect("Lenabelle", "Ostrakova", "Buyer", "FR", 161)
CARMEN = _prospect("Carmenita", "Zubizarreta", "Chief Buyer", "US", 162)
NOT_NOW = _prospect("Gwendoline", "Thistlewood", "Buyer", "GB", 163)
ITALIAN = _prospect("Ippolita", "Scacciapensieri", "Buyer", "IT", 164)
STUDENT = _prospect("Studiosus", "Brackenridge", "Student", None, 165)
JAPANESE = _prospect("Jirozaemon", "Kurokawagumi", "Head of IT", "JP", 166)
CLICKER = _prospect("Clickandra", "Mouseworthy", "Buyer", "ES", 167)
ZAPPED = _prospect("Zaphira", "Nebelhorn", "Director", "NL", 168)
RIVAL = Prospect("rivalda.snoopington@competitor.example", {"name": "Rivalda Snoopington"})
# In functions/score/events/webhooks/typeform.json.
TYPED = Prospect("kim.li@acme.example", {"name": "Kim Li", "company": "Acme GmbH"})
# Asks to be forgotten.
FORGOTTEN = _prospect("Lethea", "Ravenglass", "Buyer", "FR", 170)
# Hears of nothing while SNS is out of order; the local system knows no such outage.
OUTAGE = _prospect("Outagia", "Blackwater", "Buyer", "FR", 169)
# Goes back to marketing before anybody could be told.
RETURNED = _prospect("Evanesca", "Driftwood", "Buyer", "FR", 171)

# Accepted by somebody signed in, and forgotten at the desk.
SIGNED = _prospect("Signhild", "Morgenstern", "Buyer", "DE", 172)

COMPARED = [KIM, LENA, CARMEN, NOT_NOW, ITALIAN, STUDENT, JAPANESE, CLICKER, ZAPPED, RIVAL, TYPED]
# Somebody without an address: known by the source's own id.
BADGE = "badge-wanderer-7781"


def secrets_of_theirs() -> set[str]:
    """Everything that no log line may have."""
    told: set[str] = {BADGE}
    for prospect in [*COMPARED, FORGOTTEN, OUTAGE, RETURNED, SIGNED]:
        told.add(prospect.email)
        values = {key: it for key, it in prospect.profile.items() if key in KEPT_TO_OURSELVES}
        told |= {str(value) for value in values.values()}
    return told


# Titles and countries are words that a rule's name may have.
KEPT_TO_OURSELVES = {"company", "name", "phone"}
