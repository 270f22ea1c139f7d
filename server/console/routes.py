"""The console's pages behind the sign-in: overview, schools, campaigns, releases."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from common.invitation import write_invitation
from server.campaign_records import find_campaign, list_campaigns, want_campaign
from server.console.masked_views import outcome_view, set_up_view
from server.console.pages import Pages
from server.console.sign_in import own_form, signed_in
from server.console.views import campaign_view, in_minutes, journal_lines, release_view, round_views
from server.coordinator import Coordinator
from server.registry import list_releases, withdraw_release
from server.schools import INVITATION_HOURS, invite, revoke, roster


def console_routers(coordinator: Coordinator, pages: Pages) -> list[APIRouter]:
    """Every page and form; each asks for a session by itself, so that none can be forgotten quietly."""
    return [part(coordinator, pages) for part in (_overview, _schools, _campaigns, _releases)]


def _overview(coordinator: Coordinator, pages: Pages) -> APIRouter:
    router = APIRouter(dependencies=[Depends(signed_in(coordinator))])

    @router.get("/")
    def overview(request: Request) -> Response:
        """What runs now and what was done."""
        with coordinator.store.read() as connection:
            campaigns = [campaign_view(connection, record) for record in list_campaigns(connection)]
            values: dict[str, object] = {
                "campaigns": campaigns,
                "schools": len(roster(connection)),
                "releases": len(list_releases(connection)),
            }
        return pages.render(request, "overview.html", values=values)

    return router


def _schools(coordinator: Coordinator, pages: Pages) -> APIRouter:
    router = APIRouter(prefix="/schools")
    own = [Depends(own_form(coordinator))]

    @router.get("", dependencies=[Depends(signed_in(coordinator))])
    def schools(request: Request) -> Response:
        """The roster."""
        with coordinator.store.read() as connection:
            rows = [
                {
                    "name": school.member.school,
                    "students": school.member.students,
                    "key": school.member.identity_key,
                    "enrolled": in_minutes(school.enrolled_at),
                    "revoked": school.revoked_at and in_minutes(school.revoked_at),
                }
                for school in roster(connection, with_revoked=True)
            ]
        values: dict[str, object] = {"schools": rows, "hours": INVITATION_HOURS}
        return pages.render(request, "schools.html", values=values)

    @router.post("/invite", dependencies=own)
    def invite_school(school: Annotated[str, Form()] = "") -> Response:
        """The invitation as a file to hand over."""
        invitation = invite(coordinator, school.strip())
        name = re.sub(r"[^A-Za-z0-9]+", "-", invitation.school).strip("-") or "school"
        disposition = f'attachment; filename="invitation-{name}.json"'
        headers = {"content-disposition": disposition}
        return Response(write_invitation(invitation), media_type="application/json", headers=headers)

    @router.post("/revoke", dependencies=own)
    def revoke_school(school: Annotated[str, Form()] = "") -> Response:
        """Ends a membership."""
        revoke(coordinator, school)
        return RedirectResponse("/schools", 303)

    return router


def _campaigns(coordinator: Coordinator, pages: Pages) -> APIRouter:
    router = APIRouter(prefix="/campaigns")
    own = [Depends(own_form(coordinator))]

    @router.get("/{digest}", dependencies=[Depends(signed_in(coordinator))])
    def campaign(request: Request, digest: str) -> Response:
        """One campaign: its rounds, a bar for each, every school in words."""
        with coordinator.store.read() as connection:
            record = find_campaign(connection, digest)
            values: dict[str, object] = {
                "campaign": campaign_view(connection, record),
                "rounds": round_views(connection, record),
                "set_up": set_up_view(connection, record),
                "outcome": outcome_view(connection, record),
                "journal": journal_lines(connection, record.digest),
            }
        return pages.render(request, "campaign.html", values=values)

    @router.post("/{digest}/start", dependencies=own)
    def start(digest: str) -> Response:
        """Asks for the campaign to run."""
        return _want(coordinator, digest, wanted=True)

    @router.post("/{digest}/stop", dependencies=own)
    def stop(digest: str) -> Response:
        """Asks for the campaign to stop after the round under way."""
        return _want(coordinator, digest, wanted=False)

    return router


def _releases(coordinator: Coordinator, pages: Pages) -> APIRouter:
    router = APIRouter(prefix="/releases")

    @router.get("", dependencies=[Depends(signed_in(coordinator))])
    def releases(request: Request) -> Response:
        """Every release, withdrawn ones too."""
        with coordinator.store.read() as connection:
            rows = [release_view(connection, record) for record in list_releases(connection)]
        return pages.render(request, "releases.html", values={"releases": rows})

    @router.post("/{digest}/withdraw", dependencies=[Depends(own_form(coordinator))])
    def withdraw(digest: str, reason: Annotated[str, Form(max_length=500)] = "") -> Response:
        """Marks a release as no longer to be used."""
        withdraw_release(coordinator, digest, reason=reason.strip())
        return RedirectResponse("/releases", 303)

    return router


def _want(coordinator: Coordinator, digest: str, *, wanted: bool) -> Response:
    with coordinator.store.write() as connection:
        want_campaign(connection, digest, wanted=wanted, at=coordinator.clock.now())
        record = find_campaign(connection, digest)
    return RedirectResponse(f"/campaigns/{record.digest}", 303)
