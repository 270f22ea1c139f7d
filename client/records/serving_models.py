"""Serving models: parameters that the school fitted itself; the newest of a kind counts."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from client.records.tables import serving_model


@dataclass(frozen=True, slots=True)
class ServingModel:
    """Parameters as JSON values; `kind` says what reads them ("bkt", "item-difficulty", ...)."""

    kind: str
    parameters: Any
    fitted_at: datetime


def save_serving_model(connection: Connection, model: ServingModel) -> None:
    """Keeps freshly fitted parameters; the earlier ones stay, so that a past choice can be explained."""
    text = json.dumps(model.parameters, ensure_ascii=False, allow_nan=False)
    connection.execute(insert(serving_model).values(kind=model.kind, parameters=text, fitted_at=model.fitted_at))


def newest_serving_model(connection: Connection, kind: str) -> ServingModel | None:
    """The parameters that serve, or None before the first fit."""
    query = select(serving_model).where(serving_model.c.kind == kind)
    row = connection.execute(query.order_by(serving_model.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else ServingModel(row.kind, json.loads(row.parameters), row.fitted_at)
