"""Python's http.server with connections that stay open. Like most programs on it, it reads a body where it expects one, and nowhere else."""
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from judge import judge


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer in one packet.
    wbufsize = 65536

    def answer(self):
        variables = {}
        for name, value in self.headers.items():
            variables.setdefault(name.upper().replace("-", "_"), value)
        path = urllib.parse.unquote(self.path.split("?", 1)[0])
        body = judge(self.command, path, variables.get).encode("utf-8", "replace")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def answer_with_body(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer()

    do_GET = do_HEAD = do_DELETE = do_OPTIONS = do_PROPFIND = answer
    do_POST = do_PUT = do_PATCH = answer_with_body

    def log_message(self, *_):
        pass


ThreadingHTTPServer.daemon_threads = True
ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
