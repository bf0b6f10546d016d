"""/members: who belongs to the enterprise; roles, removal, and the orders of members who have left."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.context import Context
from handlers.menus import show_menu_of
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.members import may_collect, read_member, read_members, remove_member, set_role
from services.read_left_order import read_left_order
from services.withdraw_orders import keep_order, withdraw_order
from views.presses.members import KeepOrder, RemoveMember, SetRole, ShowMember, ShowMembers, WithdrawOrder
from views.screens.left_order import collector_screen, left_screen
from views.screens.members import member_screen, members_screen, sure_remove_screen, sure_role_screen


async def members(update: Update, ctx: Context) -> None:
    """The first page."""
    await show(update, ctx, members_screen(await ctx.transact(read_members), ctx.language))


async def turn(update: Update, ctx: Context, press: ShowMembers) -> None:
    """A page."""
    await show(update, ctx, members_screen(await ctx.transact(read_members, press.page), ctx.language))


async def member(update: Update, ctx: Context, press: ShowMember) -> None:
    """One of them."""
    await show(update, ctx, member_screen(await ctx.transact(read_member, press.member_id), press.page, ctx.language))


async def change_role(update: Update, ctx: Context, press: SetRole) -> None:
    """Coordinator or employee, once sure."""
    if press.role not in ("employee", "coordinator"):
        raise Refusal("button_stale")
    if not press.sure:
        one = await ctx.transact(read_member, press.member_id)
        await show(update, ctx, sure_role_screen(one, press.role, ctx.language))
        return
    one = await ctx.transact(set_role, press.member_id, press.role)
    await show_menu_of(ctx, one.person_id)
    if one.myself and one.role != "coordinator":
        await show(update, ctx, member_screen(one, 0, ctx.language))
        return
    await show(update, ctx, member_screen(one, 0, ctx.language, ctx.language.plain("Done; they are told.")))


async def remove(update: Update, ctx: Context, press: RemoveMember) -> None:
    """Remove somebody, once sure."""
    one = await ctx.transact(read_member, press.member_id)
    if not press.sure:
        await show(update, ctx, sure_remove_screen(one, ctx.language))
        return
    rest = await ctx.transact(remove_member, press.member_id)
    await show_menu_of(ctx, one.person_id)
    toast = ctx.language.plain("{name} was removed and is told.", name=one.name)
    await show(update, ctx, members_screen(rest, ctx.language, toast))


async def keep(update: Update, ctx: Context, press: KeepOrder) -> None:
    """Somebody collects the order of a member who left."""
    if press.member_id is None:
        able = await ctx.transact(may_collect, press.order_id, press.page)
        await show(update, ctx, collector_screen(press.order_id, able, press.instead_of, ctx.language))
        return
    await ctx.transact(keep_order, press.order_id, press.member_id or None, press.instead_of)
    await _show_left(update, ctx, press.order_id)


async def withdraw(update: Update, ctx: Context, press: WithdrawOrder) -> None:
    """Nobody collects it."""
    await ctx.transact(withdraw_order, press.order_id, press.instead_of)
    await _show_left(update, ctx, press.order_id)


async def _show_left(update: Update, ctx: Context, order_id: int) -> None:
    left = await ctx.transact(read_left_order, order_id)
    if left is None:
        raise Refusal("button_stale")
    await show(update, ctx, left_screen(left, ctx.language))


HANDLERS: list[Handler] = [
    on_press(ShowMembers, turn),
    on_press(ShowMember, member),
    on_press(SetRole, change_role),
    on_press(RemoveMember, remove),
    on_press(KeepOrder, keep),
    on_press(WithdrawOrder, withdraw),
]
COMMANDS = [CommandHandler("members", members, filters=filters.ChatType.PRIVATE)]
