/**
 * All or nothing across services. Shows: a transaction whose tasks say how they are undone; when a later step
 * fails, what has happened is undone in reverse, and the runs show as RolledBack.
 */
import { flow, task, transaction } from 'reeve'

const booked = new Set<string>()

function booking(what: string, { fails = false } = {}) {
  return task(
    () => {
      if (fails) throw new Error(`no ${what} left`)
      booked.add(what)
      console.log(`booked   ${what}`)
    },
    {
      name: `book-${what}`,
      onRollback: () => {
        booked.delete(what)
        console.log(`canceled ${what}`)
      },
    },
  )
}

const flight = booking('flight')
const hotel = booking('hotel')
const car = booking('car', { fails: true })

const trip = flow(
  () =>
    transaction(async () => {
      await flight()
      await hotel()
      await car()
    }),
  { name: 'trip' },
)

const state = await trip.returnState()
console.log(`${state.type}: ${state.message}`)
console.log(`still booked: ${booked.size}`)
