"""Notes."""

from html import escape

from app.demo.scene import Scene


def add_notes(scene: Scene, count: int) -> None:
    for template in scene.dice.some(scene.templates("notes"), count):
        agent = scene.agent()
        person = scene.person() if "{first}" in template or scene.dice.chance(0.3) else None
        note = template.format_map(scene.words(agent, person))
        html = f"<p>{escape(note)}</p>"
        scene.activity("Note", scene.line.past(), agent, person, note=note, note_html=html)
