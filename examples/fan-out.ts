/**
 * A thousand items, fifty at a time. Shows: map(), the flow's own limit, results in the order they come,
 * and a few failures that do not stop the rest.
 */
import { setTimeout as after } from 'node:timers/promises'
import { asCompleted, flow, task } from 'reeve'

let running = 0
let most = 0

const shrink = task(
  async (image: number) => {
    most = Math.max(most, ++running)
    await after(1)
    running--
    if (image % 250 === 0) throw new Error(`image ${image} is broken`)
    return image * 10
  },
  { name: 'shrink', persistResult: false },
)

const album = flow(
  async (images: number[]) => {
    let bytes = 0
    const broken: number[] = []
    for await (const { index, state } of asCompleted(shrink.map(images))) {
      if (state.isCompleted) bytes += state.result()
      else broken.push(images[index]!)
    }
    return { bytes, broken: broken.sort((a, b) => a - b) }
  },
  { name: 'album', concurrency: 50 },
)

console.log(await album(Array.from({ length: 1000 }, (_, i) => i + 1)))
console.log(most <= 50 ? 'never more than 50 at a time' : `${most} at a time`)
