"""Is the server up, and can it read its database?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from client.records.classes import classes
from local_app.auth import TheWorld

router = APIRouter()


@router.get("/health")
async def health(world: TheWorld) -> JSONResponse:
    """Used by the service manager; says nothing about the school."""
    with world.store.read() as connection:
        classes(connection)
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
