"use strict";

/* Draws one neighbourhood from the API's answer. Text from the answer only ever becomes text. */

const PALETTE = ["#3b7ea1", "#d08c3e", "#5f9e6e", "#9a6fb0", "#b5656b", "#7d8a3c", "#4c9a96", "#8a6d5c"];
const SHAPES = { account: "ellipse", key: "diamond", photo: "rectangle", contact: "triangle", wallet: "hexagon" };

const STYLE = [
  { selector: "node", style: {
    "label": "data(text)", "text-wrap": "wrap", "text-max-width": 140, "font-size": 12,
    "font-family": "ui-monospace, DejaVu Sans Mono, monospace", "color": "#1c2530", "text-valign": "bottom",
    "text-margin-y": 4, "text-background-color": "#ffffff", "text-background-opacity": 0.8,
    "text-background-padding": 2, "shape": "data(shape)", "background-color": "data(colour)",
    "width": 26, "height": 26 } },
  { selector: "node.value", style: { "width": 18, "height": 18, "font-size": 9, "color": "#55606c" } },
  { selector: "node.persona", style: { "border-width": 3, "border-color": "#1c2530" } },
  { selector: "node.centre", style: { "width": 40, "height": 40, "font-size": 13, "font-weight": 700 } },
  { selector: "edge", style: { "width": 1.2, "line-color": "#b3bac2", "curve-style": "straight" } },
  { selector: "edge.PROVED", style: { "width": 2.5, "line-color": "#1c2530" } },
  { selector: "edge.LINKED", style: { "curve-style": "bezier", "line-color": "#2f7ba6",
    "label": "data(text)", "font-size": 10, "color": "#3c4854", "text-rotation": "autorotate",
    "text-background-color": "#ffffff", "text-background-opacity": 0.9, "text-background-padding": 1 } },
  { selector: "edge.lead", style: { "width": 1.8, "line-style": "dotted" } },
  { selector: "edge.strong", style: { "width": 3 } },
  { selector: "edge.proved", style: { "width": 5.5, "line-color": "#1d4f73" } },
  { selector: "edge.copies", style: { "width": 2.2, "line-color": "#b4551d", "line-style": "dashed" } },
  { selector: ".faded", style: { "opacity": 0.18 } },
];

const percent = (p) => (p > 0.999 ? "over 99.9\u00a0%" : p < 0.001 ? "under 0.1\u00a0%" : `${(100 * p).toFixed(p < 0.1 || p > 0.9 ? 1 : 0)}\u00a0%`);
const bandOf = (edge) => edge.band || edge.verdict;
/* As `wording.visible` of the pages: invisible characters are named. */
const HIDDEN = /((?<=[\p{So}\p{Sk}\p{Mn}])\u200d|[\n\r\t])|[\p{Cc}\p{Cf}]/gu;
const visible = (text) => text.replace(HIDDEN, (letter, kept) =>
  kept ?? `⟨U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
const short = (text, most) => (text.length > most ? `${text.slice(0, most / 2)}…${text.slice(-most / 2)}` : text);

function nodeOf(node, centre, colours) {
  const isAccount = node.kind === "account";
  const classes = [isAccount ? "account" : "value"];
  if (node.id === centre.id) classes.push("centre");
  if (centre.persona_id && node.persona_id === centre.persona_id) classes.push("persona");
  return {
    group: "nodes", classes,
    data: { id: `n:${node.id}`, name: node.id, shape: SHAPES[node.kind] || "ellipse",
            colour: isAccount ? colours.get(node.market) : "#d5dae0",
            text: isAccount ? `${short(visible(node.label), 28)}\n${short(visible(node.market || ""), 28)}` : `${node.kind} ${short(visible(node.label), 10)}` },
  };
}

function edgeOf(edge, number) {
  const linked = edge.kind === "LINKED";
  return {
    group: "edges", classes: [edge.kind, ...(linked ? [bandOf(edge)] : [])],
    data: { id: `e:${number}`, source: `n:${edge.source}`, target: `n:${edge.target}`,
            link: edge.link_id, text: linked ? percent(edge.probability) : "" },
  };
}

function drawn(picture, answer) {
  const centre = answer.nodes.find((node) => node.id === answer.account_id);
  const markets = [...new Set(answer.nodes.map((node) => node.market).filter(Boolean))].sort();
  const colours = new Map(markets.map((market, n) => [market, PALETTE[n % PALETTE.length]]));
  const cy = cytoscape({
    container: picture, style: STYLE, minZoom: 0.2, maxZoom: 3,
    elements: [...answer.nodes.map((node) => nodeOf(node, centre, colours)), ...answer.edges.map(edgeOf)],
    layout: { name: "concentric", animate: false, minNodeSpacing: 40,
              concentric: (node) => (node.hasClass("centre") ? 3 : node.hasClass("account") ? 2 : 1),
              levelWidth: () => 1 },
  });
  cy.layout({ name: "cose", animate: false, randomize: false, fit: true, padding: 40,
              numIter: 2500, gravity: 0.25,
              idealEdgeLength: (edge) => (edge.hasClass("LINKED") ? 130 : 70),
              edgeElasticity: () => 60, nodeRepulsion: () => 900000, nodeOverlap: 60 }).run();
  if (cy.zoom() > 1.25) cy.zoom(1.25);
  cy.center();
  return { cy, colours };
}

function show(cy, id) {
  cy.elements().removeClass("faded");
  if (id) cy.elements().difference(cy.getElementById(`n:${id}`).closedNeighborhood()).addClass("faded");
}

function address(path, id) {
  const url = new URL(path, location.origin);
  if (id) url.searchParams.set("id", id);
  return url;
}

function item(node, colour, linkTo, strongest) {
  const line = document.createElement("li");
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  dot.setAttribute("width", "12");
  dot.setAttribute("height", "12");
  const circle = document.createElementNS(dot.namespaceURI, "circle");
  for (const [name, value] of [["cx", 6], ["cy", 6], ["r", 5], ["fill", colour]]) circle.setAttribute(name, value);
  dot.append(circle);
  const anchor = document.createElement("a");
  anchor.href = linkTo;
  anchor.className = "account";
  const name = document.createElement("bdi");
  name.textContent = visible(node.label);
  anchor.append(name);
  const where = document.createElement("span");
  where.className = "market";
  where.textContent = ` on ${visible(node.market)}${strongest ? ` · ${bandOf(strongest)}, ${percent(strongest.probability)}` : ""}`;
  line.append(dot, " ", anchor, where);
  return line;
}

function list(box, picture, answer, { cy, colours }) {
  const towards = new Map();
  for (const edge of answer.edges.filter((e) => e.kind === "LINKED")) {
    if (edge.source === answer.account_id) towards.set(edge.target, edge);
    if (edge.target === answer.account_id) towards.set(edge.source, edge);
  }
  const rank = (node) => (node.id === answer.account_id ? 2 : towards.has(node.id) ? towards.get(node.id).probability : -1);
  const accounts = answer.nodes.filter((node) => node.kind === "account").sort((a, b) => rank(b) - rank(a));
  for (const node of accounts) {
    const line = item(node, colours.get(node.market), address(picture.dataset.account, node.id), towards.get(node.id));
    for (const event of ["mouseenter", "focusin"]) line.addEventListener(event, () => show(cy, node.id));
    for (const event of ["mouseleave", "focusout"]) line.addEventListener(event, () => show(cy, null));
    box.append(line);
  }
}

async function start() {
  const picture = document.getElementById("picture");
  const told = document.getElementById("left-out");
  const response = await fetch(picture.dataset.source);
  const answer = await response.json();
  if (!response.ok) {
    told.textContent = answer.detail;
    return;
  }
  const drawing = drawn(picture, answer);
  list(document.getElementById("accounts"), picture, answer, drawing);
  told.textContent = `${answer.nodes.length} nodes, ${answer.edges.length} edges. ` +
    (answer.left_out_count ? `${answer.left_out_count} more were left out.` : "Nothing was left out.");
  drawing.cy.on("tap", "node.account", (event) => location.assign(address(picture.dataset.account, event.target.data("name"))));
  drawing.cy.on("tap", "edge.LINKED", (event) =>
    location.assign(address(picture.dataset.link.replace("LINK", encodeURIComponent(event.target.data("link"))))));
  drawing.cy.ready(() => { picture.dataset.drawn = "yes"; });
}

start().catch((error) => { document.getElementById("left-out").textContent = `The neighbourhood could not be drawn: ${error.message}`; });
