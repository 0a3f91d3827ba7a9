"""Function words of English: words that say how something is said, not what it is about."""

FUNCTION_WORDS = """
a about above across actually after again against ago all almost alone along already also
although always am among an and another any anybody anyone anything anyway anywhere are
aren't around as aside at away back be became because become been before behind being
below beside besides best better between beyond both but by came can can't cannot come
could couldn't cuz did didn't do does doesn't doing don't done dont down due during each
either else enough etc even ever every everybody everyone everything everywhere except far
few first for from further get gets getting give given go goes going gone gonna good got
gotta had hadn't has hasn't have haven't having he he's her here here's hers herself hey
him himself his how how's however i i'd i'll i'm i've if ill im in indeed instead into is
isn't it it's its itself ive just keep kinda know last later least less let let's lets
like likely lol look lot lots made make many may maybe me mean might mine more most mostly
much must my myself near need neither never next no nobody none nor not nothing now
nowhere of off often oh ok okay on once one ones only onto or other others otherwise ought
our ours ourselves out over own per perhaps please pretty probably quite rather really
right said same saw say see seem seems seen several shall she she's should shouldn't since
so some somebody somehow someone something sometimes somewhere soon still such sure take
than thank thanks that that'd that'll that's thats the their theirs them themselves then
there there's therefore these they they'd they'll they're they've thing things think this
those though through thru thus till to together too took toward towards try u under unless
until up upon ur us use used very via want wanna was wasn't way we we'd we'll we're we've
well went were weren't what what's whatever when whenever where where's wherever whether
which while who who's whoever whole whom whose why will with within without won't wont
would wouldn't yeah yes yet you you'd you'll you're you've your you're yours yourself
yourselves youre
"""
"""Words, separated by white space."""
