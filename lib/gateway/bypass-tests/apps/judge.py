"""What the Python backends of the bypass tests do with a call, as many real ones do it."""
import os
import re

WATCHED = """X_GATEWRIGHT_CLIENT_ID X_GATEWRIGHT_SUBJECT X_GATEWRIGHT_SCOPES X_ADMIN CLIENT_IP TRUE_CLIENT_IP X_CLIENT_IP X_REAL_IP
X_FORWARDED_FOR FORWARDED X_FORWARDED_HOST PROXY CLIENT_CERT X_CLIENT_CERT SSL_CLIENT_CERT X_SSL_CLIENT_VERIFY REMOTE_USER
X_REMOTE_USER AUTH_TYPE X_SCHEME""".split()
PATHS = "X_ORIGINAL_URL X_REWRITE_URL X_ORIGINAL_URI X_FORWARDED_URI X_FORWARDED_PATH PATH_INFO REQUEST_URI".split()
METHODS = "X_HTTP_METHOD_OVERRIDE X_HTTP_METHOD X_METHOD_OVERRIDE".split()
PROTECTED = re.compile(r"/(?:private|tasks|t/[^/]+/private)(?:/|$)")


def is_protected(method, path):
    if PROTECTED.match(path):
        return True
    if re.match(r"/writes(?:/|$)", path):
        return method not in ("GET", "HEAD", "OPTIONS")
    if re.match(r"/reads(?:/|$)", path):
        return method in ("GET", "HEAD")
    return re.match(r"/removals(?:/|$)", path) is not None and method == "DELETE"


def judge(method, path, get, own=()):
    """The text of the answer. `get` finds a header by its CGI name, `own` are further values that no client may choose."""
    for name in PATHS:
        if (get(name) or "").startswith("/"):
            path = get(name)
    for name in ("X_SCRIPT_NAME", "X_FORWARDED_PREFIX"):
        prefix = get(name)
        if prefix and path.startswith(prefix):
            path = path[len(prefix):] or "/"
    for name in METHODS:
        method = (get(name) or method).upper()
    forged = [name for name in WATCHED if "forged" in (get(name) or "")]
    forged += [value for value in own if "forged" in value]
    protected = is_protected(method, path)
    if not forged and not (protected and get("X_GATEWRIGHT_CLIENT_ID") != "shop"):
        return "granted" if protected else "public"
    what = "%s ran %s %s %s" % (os.environ["VIOLATION"], method, path, ",".join(forged))
    with open(os.environ["VIOLATIONS"], "a", encoding="utf-8", errors="replace") as file:
        file.write(what + "\n")
    return what
