"""What the driver's page says; it goes on saying it without a connection."""

from django.utils.translation import gettext

from niaga.shipping.rules.visit import REASONS
from niaga.shipping.web.words import WHY


def driving_words() -> dict[str, str]:
    return {**_day(), **_stop(), **_door(), **_place(), **_queue(), **{f"why_{one}": str(WHY[one]) for one in REASONS}}


def _day() -> dict[str, str]:
    return {
        "progress": gettext("{done} of {all} done"), "late": gettext("Late: {day}"), "late_head": gettext("Late"),
        "today_head": gettext("Today"), "done_head": gettext("Done"), "waiting_head": gettext("Not loaded yet"),
        "empty": gettext("No stop is yours today"),
        "empty_more": gettext("When the office plans a route with you as its driver, its stops show up here by"
                              " themselves."),
        "all_done": gettext("All stops are done. Drive home safely."),
        "as_of": gettext("No connection. This is the plan as of {time}."), "fresh": gettext("live"),
        "collect": gettext("Collect {amount}"),
        "gone": gettext("{name} is not yours any more: called off, or given to somebody else"),
        "came": gettext("{name} was added"),
        "off": gettext("{name} was called off"),
    }  # fmt: skip


def _stop() -> dict[str, str]:
    return {
        "back": gettext("All stops"), "call": gettext("Call"), "map": gettext("Map"), "note": gettext("Note"),
        "goods": gettext("Goods"), "more_goods": gettext("and {count} more"), "arrived": gettext("I am here"),
        "arrived_at": gettext("Arrived {time}"), "cash_here": gettext("To collect here"),
        "last_try": gettext("Last try: {why}, {at}"), "not_loaded": gettext("It has not left the warehouse yet."),
        "called_off": gettext("It was called off. Bring the goods back."),
        "taken_by": gettext("Taken by {name}, {at}"), "paid": gettext("{amount} taken in cash"),
        "next_try": gettext("Next try {day}"), "unsent": gettext("Waits on this phone"),
    }  # fmt: skip


def _door() -> dict[str, str]:
    return {
        "how": gettext("How did it go?"), "delivered": gettext("Delivered"), "part": gettext("Delivered in part"),
        "refused_all": gettext("Refused"), "nobody": gettext("Nobody there"),
        "who": gettext("Who took the goods?"), "who_hint": gettext("Name of the person at the door"),
        "say_who": gettext("Say who took the goods."), "not_taken": gettext("What was not taken?"),
        "of": gettext("of {quantity}"), "less": gettext("One less: {name}"), "more": gettext("One more: {name}"),
        "refused_quantity": gettext("Not taken of {name}"), "why": gettext("Why?"), "say_why": gettext("Say why."),
        "say_what": gettext("Say of at least one item how much was not taken."),
        "too_much": gettext("Of {name} at most {quantity} can be refused."),
        "everything": gettext("Everything was refused: choose “Refused” above."),
        "sign": gettext("Signature"), "sign_hint": gettext("Sign here with a finger"),
        "undo": gettext("Undo"), "clear": gettext("Clear"), "typed": gettext("Sign with the typed name"),
        "sign_first": gettext("The signature is missing. If they cannot draw, use “Sign with the typed name”."),
        "name_first": gettext("Type the name first."),
        "photo": gettext("Photo"), "take_photo": gettext("Take a photo"), "another": gettext("Another photo"),
        "drop_photo": gettext("Remove photo {number}"), "shown_photo": gettext("Photo {number}"),
        "photo_first": gettext("A photo is missing."), "no_photo": gettext("This file is no picture."),
        "cash": gettext("Cash taken"),
        "cash_all": gettext("All of it: {amount}"), "bad_cash": gettext("This is no amount."),
        "cash_check": gettext("{amount} is to be collected. Tap Save once more to save with less."),
        "again_on": gettext("Next try"),
        "tomorrow": gettext("Tomorrow"), "today": gettext("Later today"), "after": gettext("In two days"),
        "office": gettext("The office decides"), "comment": gettext("Remark"), "optional": gettext("optional"),
        "save": gettext("Save"), "saved": gettext("Saved. It is sent as soon as there is a connection."),
        "sent": gettext("Sent"), "own_words": gettext("In your own words"),
    }  # fmt: skip


def _place() -> dict[str, str]:
    return {
        "place_ask": gettext("Keep where you are at each door?"),
        "place_text": gettext("When you save a stop, your phone can add where it is at that moment, to some ten metres."
                              " It proves that you were at the door. Only the office sees it, never the customer, and"
                              " it is deleted after {days} days. Your way between the stops is never recorded. It is up"
                              " to you: without it everything works the same, and you can change your mind here at any"
                              " time."),
        "place_yes": gettext("Yes, keep it"), "place_no": gettext("No"),
        "place_on": gettext("Your place at doors is kept for {days} days."),
        "place_off": gettext("Your place is not kept."), "place_change": gettext("Change"),
    }  # fmt: skip


def _queue() -> dict[str, str]:
    return {
        "kept": gettext("{count} kept on this phone, sent as soon as there is a connection"),
        "kept_one": gettext("1 kept on this phone, sent as soon as there is a connection"),
        "all_sent": gettext("Everything is sent"), "not_kept": gettext("This phone has no room left to keep anything."
                                                                       " Do not close this page until it is sent."),
        "refused": gettext("Could not be taken"), "try_again": gettext("Try again"),
        "hand_in": gettext("Hand to the office"),
        "handed_in": gettext("The office has it now. You can go on."),
        "again_later": gettext("Not sent yet: {reason}"),
        "server": gettext("the server does not answer"), "no_session": gettext("you were logged out"),
    }  # fmt: skip
