"""A board as it is on a busy morning: the demo ends on a quiet one.

People of the demo come back: some are waited for since yesterday, some have just come.
"""

from .served import Served

YESTERDAY = {
    "sanne.oosterling@maasdelta-terminals.example": "form.demo_requested",
    "edoardo.altobelli@marmi-apuani.example": "webinar.attended",
    "wiebke.pfannkuch@elbtal-logistik.example": "webinar.attended",
    "jasmine.calloway@ironwood-supply.example": "form.demo_requested",
    "niamh.ravenhill@pennine-pumps.example": "webinar.attended",
}
TODAY = {
    "silke.kleinschmidt@steigerwald-medizintechnik.example": "webinar.attended",
    "sabine.pfannkuch@steigerwald-medizintechnik.example": "form.demo_requested",
    "wyatt.dunwoody@ironwood-supply.example": "form.demo_requested",
    "callum.thistleton@harrowgate-insurance.example": "webinar.attended",
    "sanne.hoogeveen@maasdelta-terminals.example": "form.demo_requested",
}


def busy(served: Served) -> dict[str, str]:
    """Lets it become that morning; gives the leads by address."""
    leads = {}
    for day, meanwhile in ((YESTERDAY, "19h"), (TODAY, "35m")):
        for email, what in day.items():
            leads[email] = served.happens(what, email)
            served.passes("80m")
        served.passes(meanwhile)
    return leads
