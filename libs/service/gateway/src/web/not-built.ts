/** What stands on `/` while there is no client: for whoever set the server up. */
export const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Parley</title><meta name="viewport" content="width=device-width"></head>
<body>
<h1>Parley runs</h1>
<p>The web client is not built yet. In the folder of Parley, <code>npm run build</code> builds it; then load this page again.
The setting <code>PARLEY_WEB_DIR</code> names another folder, or is <code>off</code> for a server without a client.</p>
<p><a href="/api/docs">Documentation of the API</a></p>
</body>
</html>
`;
