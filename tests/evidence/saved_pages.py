"""Invented pages with the tags, ids and classes of the markets' own, and what they say."""

BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\nefgh\n-----END PGP PUBLIC KEY BLOCK-----"


def page(title: str, body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def cypher_category(*titles: str) -> str:
    cards = "".join(
        f'<div class="col-md-4"><div class="card"><a href="http://x.onion/product/77-a{n}"></a>'
        f'<div class="card-body"><h4 class="card-title btn">{title}</h4>'
        '<p class="card-subtitle badge">From: <strong>3 $</strong> - Teas &amp; Herbs -</p>'
        '<p class="card-text"><a href="http://x.onion/vendor/1-2">Pillow</a></p></div></div></div>'
        for n, title in enumerate(titles)
    )
    nav = '<a class="navbar-brand btn">market</a>'
    return page("Cypher - Teas category", f'{nav}<div class="col-md-9">{cards}</div>')


WHITE_HOUSE_LIST = page(
    "Welcome",
    '<a href="adminkeys">keys</a><div class="col-md-12 container-border listinglist">'
    '<div class="row"><a href="welcome?action=show&amp;listing=31">see</a>'
    '<div><p>Vendor:</p><p><a href="userinfo?user=Pillow">Pillow</a></p><p>Escrow</p></div>'
    '<div><p>Category:</p><p><a href="welcome?sc=4">Teas</a></p></div>'
    '<div><p>Title:</p><p><a href="welcome?action=show&amp;listing=31">Blue tea</a></p>'
    "<p><strong>EUR 12.50</strong></p></div>"
    "<li><p>Ships from: Norway</p><p>Ships to: Worldwide</p></li></div></div>",
    '<link href="css/welcome.css" rel="stylesheet">',
)
YELLOW_BRICK_LIST = page(
    "Yellow Brick",
    '<div id="skyline"><div id="feat"><a href="?listing=1">a featured thing</a></div></div>'
    '<div id="listing"><div id="listdiv"><div id="listdata"><a href="?listing=0123">Blue tea</a>'
    "<br>Price: <b>$80</b><br>Vendor: "
    '<span id="ah_name"><a href="?profile=Pillow">Pillow</a></span>'
    '<br>Category: <a href="?road&amp;cat=12">Teas</a><br>'
    'Ships From: <span id="ah_ships">Norway</span></div></div></div>',
)
DREAM_HEAD = '<link rel="stylesheet" href="./../marketstyle.css">'
DREAM_MIRROR = '<a class="verifiedOnionMirror" href="x">verified</a>'


def dream(title: str, body: str) -> str:
    return page(title, DREAM_MIRROR + body, DREAM_HEAD)


DREAM_LISTING = dream(
    "Blue tea",
    '<div class="viewProduct"><div class="title">Blue tea</div><div class="tabularDetails">'
    '<div><label>Vendor</label><span><a href="./contactMember?member=Pillow">Pillow</a>'
    '<a class="viewRatings" href="/contactMember?member=Pillow&amp;tab=ratings">(9)</a>'
    "</span></div>"
    "<div><label>Price</label><span>฿0.05 (€7.28)</span></div>"
    "<div><label>Ships to</label><span>Worldwide</span></div>"
    "<div><label>Ships from</label><span>Norway</span></div></div>"
    '<div><div class="subtitle">Product description</div><div id="offerDescription">'
    "<pre>Dried by hand.\n\nFresh &amp; blue.</pre></div></div>"
    '<div><div class="subtitle">Terms and conditions of <a href="x">Pillow</a></div>'
    '<div class="preformattedNotes"><pre>No refunds\nfor tea.</pre></div></div>'
    '<form><input name="offer" value="11.22"></form></div>',
)
DREAM_VENDOR = dream(
    "Contact Pillow",
    '<div class="contactMember"><table><tr><td><label>Username</label></td><td><span>Pillow '
    '<a class="viewRatings">(9) (<span class="userRating gold">4.96</span>)</a></span></td></tr>'
    "</table><div><label>Join date</label><span>24/08/2018</span></div>"
    '<div><div class="subtitle">Terms and conditions</div><div class="preformattedNotes">'
    "<pre>Hello,\nfriends.</pre></div></div>"
    '<div><div class="subtitle">Public PGP key</div><div class="preformattedNotes">'
    f'<pre class="code">{BLOCK}</pre></div></div>'
    '<div class="shop"><div class="shopItem shopItem_7"><div class="text oTitle">'
    '<a href="./viewProduct?offer=33.44">Green tea</a></div>'
    '<div class="bottom oPrice">$76.7</div></div></div></div>',
)
DREAM_LIST = dream(
    "Category Teas",
    '<div class="shopItem shopItem_7"><div class="text oTitle"><a href="./viewProduct?offer=33.44">'
    'Green tea</a></div><div class="bottom oPrice">$76.7</div><div class="oVendor">'
    '<a href="./contactMember?member=Pillow">Pillow</a></div>'
    '<div class="oShips"><span>NO → WW</span></div></div>',
)
CRYPTONIA_TIME = '<div class="controlbox"><span>Server Time: 2019-10-27 12:58 | Logged</span></div>'
CRYPTONIA_LISTING = page(
    "Cryptonia Market - Product Details",
    CRYPTONIA_TIME + '<div class="mainarea_inner"><h2>Blue tea</h2>'
    '<a href="/messages/new/support/Reporting+product+%2319">Report</a>'
    '<div class="product_details"><div class="product_data"><label>Sold by:</label>'
    '<a href="/user/Pillow">Pillow</a><a href="/messages/new/Pillow">mail</a></div>'
    '<div class="product_data"><label>Category:</label><span>Teas</span></div>'
    '<div class="product_data"><label>Price:</label><span class="lgtext">485.00 USD/112g</span>'
    "<span>(0.05 BTC)</span></div>"
    '<div class="product_data"><label>Ships from:</label><div class="lbllist">Norway → Sweden<br>'
    "Norway → Finland</div></div></div>"
    '<div id="general_div"><p>Dried by hand.</p><p>Blue.</p></div>'
    '<div id="terms_div"><p>No refunds</p></div></div>',
)
CRYPTONIA_USER = page(
    "Cryptonia Market - Pillow Profile",
    CRYPTONIA_TIME + '<div class="mainarea_inner"><a class="noanchor" id="pgp"></a>'
    '<h2><span class="icono-user"></span> Pillow <span class="lgtext">(9)</span></h2>'
    '<div class="inline_div"><div><label>Positive:</label><span>96.87%</span></div>'
    "<div><label>Member since:</label><span>2019-04-15 13:19:58</span></div></div>"
    '<div id="general_div"><ul><li>Hello, <b>friends</b></li></ul></div>'
    '<div id="terms_div"><p>No refunds</p></div>'
    f'<div id="pgp_div"><textarea>{BLOCK}</textarea></div></div>',
)
CRYPTONIA_LIST = page(
    "Cryptonia Market - Products",
    CRYPTONIA_TIME + '<div class="mainarea_inner"><h2><span></span> Teas Products</h2><table>'
    '<tr><td class="gridhdr vendor">VENDOR</td></tr><tr><td class="thumb gridrow">'
    '<a href="/product/55"></a></td><td class="product gridrow"><div>'
    '<a class="growlink" href="/product/55">Blue tea</a></div><span>NO → SE</span></td>'
    '<td class="price gridrow"><span class="listprice">Buy 1 For</span>'
    '<span class="listprice">19.41 USD/3.5g</span></td>'
    '<td class="vendor gridrow"><a href="/user/Pillow">Pillow</a></td></tr></table></div>',
)
EMPIRE_TIME = "<span>Server time: Wednesday, Nov 6, 2019 21:16:37</span>"
EMPIRE_LISTING = page(
    "Empire Market - Blue tea",
    EMPIRE_TIME + '<div class="listDes"><h2>Blue tea</h2><p id="desc_prod">Dried by…</p>'
    '<p>Sold by <b><a href="http://x.onion/u/Pillow">Pillow</a> - </b></p>'
    '<table class="productTbl"><tr><td><b>Product Class</b></td><td>Physical</td>'
    "<td><b>Origin Country</b></td><td>Norway</td></tr>"
    "<tr><td><b>Ships to</b></td><td>World Wide</td></tr></table>"
    "<p><b>Purchase price: </b><span>USD 2.00</span></p></div>"
    '<div class="tab"><a class="tablinks focus">Description</a><a class="tablinks ">Feedback</a>'
    '</div><div class="tabcontent"><h3>Blue tea</h3><p>Dried by hand.\n\nBlue.</p></div>',
)


def empire_user(tab: str) -> str:
    return page(
        "Empire Market - Pillow",
        EMPIRE_TIME + '<h3 class="user_info_mid_head">Pillow <span>(385)</span></h3>'
        '<p class="bold">Market Positive feedback(last 12 months): <b>99.7</b>%</p>'
        '<p>Member since: <span class="bold1">April 19, 2019</span></p>'
        f'<div class="tabcontent_user_feedback">{tab}</div>',
    )


EMPIRE_LIST = page(
    "Empire Market",
    EMPIRE_TIME + '<div class="col-1search"><div class="col-1centre"><div class="head">'
    '<a href="http://x.onion/product/35/1/2">Blue tea</a><p>Item # 35 - Teas /\n\t Blue - '
    '<a href="http://x.onion/u/Pillow">Pillow</a> (510)</p></div></div>'
    '<div class="col-1right"><b>Buy Price</b><p class="bold padp">USD <a>75.00</a></p></div></div>',
)
APOLLON_HEAD = '<link href="dist/css/rs7exe7.css" rel="stylesheet">'
APOLLON_LISTING = page(
    "Blue tea - Apollon Market",
    '<a href="listing.php?ls_id=83&amp;report=1">Report</a><table><tr><td>'
    '<a href="?ls_id=83">Blue tea</a><small><a href="user.php?u_id=Pillow"><b>Pillow (100%)</b></a>'
    "</small><small><label><b>Origin Country :</b></label> Norway</small>"
    "<small><label><b>Ship to :</b></label></small><small>World Wide</small>"
    '<h5><span class="label">Sale Price : 4.00 <b>USD</b> / 0.0004 <b>BTC</b></span></h5>'
    '<ul class="nav nav-tabs"><li class="active"><a>Product Description</a></li></ul>'
    '<div class="tab-content"><div class="tab-pane active"><pre>Dried by hand.\nBlue.</pre></div>'
    "</div></td></tr></table>",
    APOLLON_HEAD,
)


def apollon_user(pane: str) -> str:
    return page(
        "Pillow - User Profile - Apollon Market",
        "<small><span><b>Positive Feedback :</b> (98%)</span></small>"
        "<small><span><b>Member since :</b> Sep 30, 2019</span></small>"
        f'<div class="tab-content"><div class="tab-pane active">{pane}</div></div>',
        APOLLON_HEAD,
    )


APOLLON_ABOUT = (
    '<h4>About Me :</h4><div class="panel-body"><div class="col-sm-5"><span><b>Jabber : </b></span>'
    "<br><span><b>E-Mail :</b> pillow@tea.example</span></div>"
    '<div class="col-sm-8"><pre>Hello &lt;friends&gt;</pre></div></div>'
)
APOLLON_LIST = page(
    "Home - Apollon Market",
    '<table><tr><td><small><a href="listing.php?ls_id=83"><img></a>'
    '<a href="listing.php?ls_id=83">Blue tea</a></small><small>Item #83 -|- Created <i>Oct 19, 2019'
    "</i> -|- <a>Herbs</a> / <a>Teas</a> -|- "
    '<a href="user.php?u_id=Pillow"><b>Pillow</b></a></small>'
    "<small><span><b>Sale Price :</b> 58.05 <b>USD</b></span></small></td></tr></table>",
    APOLLON_HEAD,
)
