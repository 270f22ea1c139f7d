"""The teacher's pages: the classes, and one class by skill with who needs help."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from client.insight.class_by_skill import SMALLEST_GROUP, class_by_skill
from client.insight.needs_help import needs_help
from client.records.classes import class_by_id, classes
from client.records.staff import may_see_class
from client.records.students import students_of_class
from local_app.auth import AsStaff, TheWorld, require_class
from local_app.class_views import card_views, table_view
from local_app.pages import page

router = APIRouter(prefix="/teacher")


@router.get("")
async def classes_page(request: Request, world: TheWorld, who: AsStaff) -> Response:
    """The classes that this person may see."""
    with world.store.read() as connection:
        mine = [group for group in classes(connection) if may_see_class(who.staff, group.id)]
    return page(request, "classes.html", **who.frame, classes=mine)


@router.get("/class/{class_id}")
async def class_page(request: Request, world: TheWorld, who: AsStaff, class_id: str) -> Response:
    """Who needs help, and what the evidence says by skill."""
    require_class(who, class_id)
    bank, now = world.desk.bank, world.clock.now()
    with world.store.read() as connection:
        group = class_by_id(connection, class_id)
        names = {
            s.id: s.display_name or "name removed"
            for s in students_of_class(connection, world.store.vault, class_id)
        }
        table = class_by_skill(connection, class_id, bank)
        cards = needs_help(connection, class_id, bank=bank, now=now)
    return page(
        request,
        "class.html",
        **who.frame,
        group=group,
        small=len(names) < SMALLEST_GROUP,
        cards=card_views(cards, names),
        table=table_view(table, names),
        reteach=[column.name for column in table.reteach or ()],
    )
