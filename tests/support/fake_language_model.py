"""A service on loopback that speaks as much of OpenAI's protocol as the tutor asks for, and answers as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeLanguageModel:
    """replies: said one after another, the last again and again; bytes go out as they are. heard: request bodies.

    hangs: it takes the question and never answers until the test is over.
    """

    replies: list[str | bytes] = field(default_factory=list)
    status: int = 200
    hangs: bool = False
    heard: list[dict[str, Any]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def next_reply(self) -> bytes:
        """As JSON unless it is bytes."""
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, bytes):
            return reply
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": reply}}]}).encode()


@contextmanager
def language_model(model: FakeLanguageModel) -> Iterator[str]:
    """Its address while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            if model.hangs:
                model.over.wait(30)
                return
            body = model.next_reply()
            self.send_response(model.status)
            if 300 <= model.status < 400:
                self.send_header("location", "http://192.0.2.1/elsewhere")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests are silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        model.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
