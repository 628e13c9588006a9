"""Email conversations, messages that were not sent yet, and the tasks that both leave behind."""

from datetime import datetime, timedelta
from html import escape

from app.demo.days import text
from app.demo.packing import Agent
from app.demo.phrases import phrases
from app.demo.scene import AN_HOUR, BY_ITSELF, Person, Record, Scene
from app.demo.seller import DOMAIN, mailbox

PREVIEW = 120
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
UNSENT = {"draft": 3, "scheduled": 3, "outbox": 0.5, "error": 0.7}
LONGEST = 30
"""A conversation is over in fewer days than this, weekends included."""


def add_conversations(scene: Scene, count: int) -> None:
    for conversation in scene.dice.some(scene.suitable(phrases("threads")["threads"]), count):
        is_open = scene.dice.chance(0.2)
        last = scene.line.recent(5) if is_open else scene.line.past(margin=LONGEST)
        _conversation(scene, conversation, last, is_open)


def add_unsent(scene: Scene) -> None:
    """A message of the last days that has not left, outside any conversation."""
    dice, agent, person = scene.dice, scene.agent(), scene.person()
    message = dice.pick(scene.suitable(phrases("threads")["unsent"]))
    status, written = dice.weighted(UNSENT), scene.line.recent(3)
    due = scene.line.coming(1, 9)
    words = scene.words(agent, person)
    subject, body = message["subject"].format_map(words), _body(scene, "us", message["text"], words)
    mail = _mail(scene, written, agent, person, is_incoming=False, subject=subject, body=body)
    mail |= {"status": status, "date_sent": None}
    if status == "scheduled":
        mail["date_scheduled"] = text(due)
    if status == "error":
        mail["send_attempts"] = [
            {"date": text(written), "error_class": "MailboxFull", "error_message": "The mailbox is full."}
        ]


def _conversation(scene: Scene, conversation: Record, last: datetime, is_open: bool) -> None:
    agent, person = scene.agent(), scene.person()
    words = scene.words(agent, person)
    subject = conversation["subject"].format_map(words)
    moments = _moments(scene, last, len(conversation["mails"]))
    thread = scene.activity(
        "EmailThread",
        moments[0],
        agent,
        person,
        latest_normalized_subject=subject,
        n_emails=len(moments),
        participants=[
            {"name": agent.name, "email": mailbox(agent)},
            {"name": person.name, "email": person.email},
        ],
    )
    thread |= {"date_updated": text(last), "activity_at": text(last)}
    mails: list[Record] = []
    for moment, written in zip(moments, conversation["mails"], strict=True):
        body = _body(scene, written["from"], written["text"], words)
        is_incoming = written["from"] == "them"
        title = f"Re: {subject}" if mails else subject
        mail = _mail(scene, moment, agent, person, is_incoming=is_incoming, subject=title, body=body)
        _answer(mail, thread, mails)
        if file := written.get("file"):
            mail["attachments"] = [_attachment(scene, file.format_map(words))]
        if len(scene.people) > 1 and scene.dice.chance(0.15):
            mail["cc"] = [scene.dice.pick([p.email for p in scene.people if p is not person])]
        mails.append(mail)
    _add_task(scene, thread, mails, agent, person, is_open)


def _moments(scene: Scene, last: datetime, count: int) -> list[datetime]:
    moments = [last]
    while len(moments) < count:
        moments.append(scene.line.before(moments[-1], 3))
    return moments[::-1]


def _mail(
    scene: Scene, moment: datetime, agent: Agent, person: Person, *, is_incoming: bool, subject: str, body: str
) -> Record:
    ours, theirs = mailbox(agent), person.email
    mail = scene.activity(
        "Email",
        moment,
        agent,
        person,
        direction="incoming" if is_incoming else "outgoing",
        status="inbox" if is_incoming else "sent",
        subject=subject,
        sender=theirs if is_incoming else ours,
        to=[ours if is_incoming else theirs],
        cc=[],
        bcc=[],
        body_text=body,
        body_html="".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in body.split("\n\n")),
        body_preview=body.replace("\n", " ")[:PREVIEW],
        attachments=[],
        date_sent=text(moment),
        date_scheduled=None,
        thread_id=None,
        **(BY_ITSELF if is_incoming else {}),
    )
    host = scene.domain if is_incoming else DOMAIN
    number = f"<{mail['id'].removeprefix('acti_')}@{host}>"
    mail |= {"message_id": number, "in_reply_to": None, "in_reply_to_id": None, "references": []}
    return mail


def _answer(mail: Record, thread: Record, earlier: list[Record]) -> None:
    """Put a message into its conversation, in reply to the one before."""
    mail["thread_id"] = thread["id"]
    if earlier:
        mail["in_reply_to_id"] = earlier[-1]["id"]
        mail["references"] = [before["message_id"] for before in earlier]
        mail["in_reply_to"] = mail["references"][-1]


def _body(scene: Scene, author: str, message: str, words: dict[str, object]) -> str:
    greetings = phrases("threads")
    opening = scene.dice.pick(greetings[f"openings_{author}"])
    closing = scene.dice.pick(greetings[f"closings_{author}"])
    return f"{opening}\n\n{message}\n\n{closing}".format_map(words)


def _attachment(scene: Scene, filename: str) -> Record:
    return {
        "filename": filename,
        "content_type": MEDIA_TYPES[filename.rpartition(".")[2]],
        "size": scene.dice.between(18_000, 900_000),
        "url": f"https://files.{DOMAIN}/{scene.new_id('file', 'file')}/{filename.replace(' ', '%20')}",
    }


def _add_task(scene: Scene, thread: Record, mails: list[Record], agent: Agent, person: Person, is_open: bool) -> None:
    """A mail that came in has to be read; one that went out without an answer is followed up."""
    last = mails[-1]
    sent = datetime.fromisoformat(last["date_created"])
    done = None if is_open else sent + AN_HOUR
    about = {"object_type": "emailthread", "object_id": thread["id"]}
    about |= {"subject": thread["latest_normalized_subject"], "body_preview": last["body_preview"]}
    if last["direction"] == "incoming":
        scene.task("incoming_email", sent, text(sent), agent, person, done, **about, emails=[last["id"]])
    elif scene.dice.chance(0.6):
        due = (sent + timedelta(days=scene.dice.between(4, 10))).date()
        scene.task("email_followup", sent, str(due), agent, person, done, **about, email_id=last["id"])
