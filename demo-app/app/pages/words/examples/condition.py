import asyncio

items = []
changed = asyncio.Condition()


async def take(name):
    async with changed:
        await changed.wait_for(lambda: items)
        print(name, "takes", items.pop(0))


async def put(item):
    async with changed:
        items.append(item)
        changed.notify_all()


async def main():
    await asyncio.gather(take("ann"), put("tea"))


asyncio.run(main())
