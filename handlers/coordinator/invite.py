"""/invite: links for employees, coordinators and suppliers."""

from telegram import Update
from telegram.ext import CommandHandler, filters
from telegram.helpers import create_deep_linked_url

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from services.access import acting_coordinator
from services.invitations import change_invitation, code_for, create_invitation, revoke_invitation
from services.read_suppliers import read_supplier_names
from views.presses.people import NewInvitation, RevokeInvitation, SetInvitation
from views.screens.invite import forward_screen, invite_screen, manage_screen, which_supplier_screen


async def invite(update: Update, ctx: Context) -> None:
    """Whom?"""
    await ctx.transact(acting_coordinator)
    await show(update, ctx, invite_screen(ctx.language))


async def make(update: Update, ctx: Context, press: NewInvitation) -> None:
    """Make it: a message to forward, then one to manage it with."""
    if press.role == "supplier" and press.supplier_id is None:
        suppliers = await ctx.transact(read_supplier_names)
        await show(update, ctx, which_supplier_screen(suppliers, ctx.language))
        return
    assert update.callback_query is not None
    code = code_for(ctx.bot.token, update.callback_query.id)
    invited = await ctx.transact(create_invitation, press.role, press.supplier_id, code)
    assert invited.code is not None
    link = create_deep_linked_url(ctx.bot.username, invited.code)
    await send(ctx, chat_id_of(update), forward_screen(invited, link, ctx.language))
    await send(ctx, chat_id_of(update), manage_screen(invited, ctx.language))
    await answer(update.callback_query)


async def change(update: Update, ctx: Context, press: SetInvitation) -> None:
    """More or fewer uses or days."""
    invited = await ctx.transact(change_invitation, press.invitation_id, press.uses, press.days)
    await show(update, ctx, manage_screen(invited, ctx.language))


async def revoke(update: Update, ctx: Context, press: RevokeInvitation) -> None:
    """No more."""
    await show(update, ctx, manage_screen(await ctx.transact(revoke_invitation, press.invitation_id), ctx.language))


HANDLERS: list[Handler] = [
    on_press(NewInvitation, make),
    on_press(SetInvitation, change),
    on_press(RevokeInvitation, revoke),
]
COMMANDS = [CommandHandler("invite", invite, filters=filters.ChatType.PRIVATE)]
