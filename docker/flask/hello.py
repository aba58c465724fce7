"""The application of an Apache site, as it was: it takes the subject apart at every slash, and believes what it is told."""

from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def hello():
    subject = request.environ.get("HTTP_SSL_CLIENT_S_DN")
    if not subject:
        return "Hello Unauthorized!\n"
    fields = dict(part.split("=") for part in subject.split("/")[1:])
    return f"Hello {fields['CN']}!\n"
