/** What a person sees at `/`. */
export const page = (shop, { version, colour, headline, beans }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shop} ${version}</title>
<style>
  :root { --colour: ${colour}; color-scheme: light dark; }
  body { margin: 0; font: 1.05rem/1.6 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  header { background: var(--colour); color: white; padding: 4rem 1.5rem 3rem; }
  header > *, main { max-width: 44rem; margin: 0 auto; }
  h1 { font-size: clamp(2rem, 6vw, 3.4rem); line-height: 1.1; letter-spacing: -0.03em; }
  .version { display: inline-block; margin-top: 1.2rem; padding: 0.15rem 0.8rem; border-radius: 99px;
    background: #fff3; font: 600 0.9rem/1.8 ui-monospace, monospace; }
  main { padding: 2rem 1.5rem 4rem; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); }
  article { border: 1px solid color-mix(in srgb, CanvasText 15%, transparent); border-radius: 0.8rem; padding: 1.2rem; }
  article b { display: block; font-size: 1.2rem; }
</style>
<header>
  <h1>${headline}</h1>
  <p>${shop}: one stalk, two environments, no downtime.</p>
  <span class="version">${version}</span>
</header>
<main>
${beans.map(({ name, price }) => `  <article><b>${name}</b>${price} coins a pound</article>`).join('\n')}
</main>
</html>
`
