import asyncio

lock = asyncio.Lock()


async def save(name):
    async with lock:
        print(name, "begins")
        await asyncio.sleep(0.01)
        print(name, "ends")


async def main():
    await asyncio.gather(save("first"), save("second"))


asyncio.run(main())
