const ADJECTIVES =
  'able agile amber ample ancient apt arctic azure bold brave bright brisk calm candid careful cheerful civil clear clever cobalt copper cosmic crimson crisp daring deft eager early earnest easy elder fair famous fancy fearless fine firm fleet fond frank free fresh gentle gifted glad golden grand grateful green happy hardy hazel hidden honest humble ideal indigo ivory jolly jovial keen kind lively loyal lucid lunar magenta mellow merry mighty modest navy neat nimble noble ochre olive open patient plucky polite proud prudent quick quiet rapid ready regal robust ruby rustic sage scarlet serene sharp silent silver sincere smart solar solid spry stable steady sterling stoic sunny swift tactful teal tidy topaz tranquil true upbeat valiant vast velvet vivid warm wise witty young zealous'.split(
    ' ',
  )
const ANIMALS =
  'ant antelope badger bat bear beaver bee bison boar buffalo bullfinch camel caribou cat chamois cheetah chough cicada civet cobra condor cougar coyote crab crane cricket crow deer dingo dolphin donkey dove dragonfly duck eagle egret elk emu ermine falcon ferret finch firefly flamingo fox frog gannet gazelle gecko gibbon giraffe gnu goat goose grebe grouse gull hare harrier hawk hedgehog heron hornet horse ibex ibis iguana jackal jaguar jay kestrel kingfisher kite kiwi koala lark lemming lemur leopard linnet lion lizard llama lobster lynx macaw magpie mallard manatee marmot marten mink mole mongoose moose moth mouse mule muskrat newt nightjar ocelot octopus okapi oriole osprey otter owl ox oyster panda panther parrot partridge peacock pelican penguin petrel pheasant plover pony puffin puma quail rabbit raccoon ram raven robin rook salmon seal shark sheep shrew skink sloth snail snipe sparrow squid squirrel stork swallow swan swift tapir tern thrush tiger toad toucan trout turtle viper vole walrus wasp weasel whale wolf wombat woodpecker wren yak zebra'.split(
    ' ',
  )

/** Two words for a run that was given no name: `brave-otter`. */
export function randomRunName(random: () => number): string {
  const pick = (words: string[]) => words[Math.floor(random() * words.length)] as string
  return `${pick(ADJECTIVES)}-${pick(ANIMALS)}`
}
