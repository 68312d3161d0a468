import { useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import './ide.css';

// What the page was served with: <meta name="platform-ide" content="{...}">.
const settings = JSON.parse(document.querySelector('meta[name="platform-ide"]').content);
const STORE = 'platform.tokens';

// Tokens stay in this tab: they are gone when it is closed, and no other page of this origin finds them later.
const load = () => JSON.parse(sessionStorage.getItem(STORE) ?? '[]');
const save = (tokens) => sessionStorage.setItem(STORE, JSON.stringify(tokens));

function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

function describe(token) {
  const { sub = 'unknown', scope = '', exp } = claimsOf(token);
  const minutes = exp ? Math.round((exp * 1000 - Date.now()) / 60_000) : null;
  const left = minutes === null ? '' : minutes > 0 ? `, ${minutes} min left` : ', expired';
  return `${sub}${left}: ${String(scope).split(' ').filter(Boolean).join(' ') || 'no scopes'}`;
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }

      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const lines = block.split('\n');
        if (lines.includes('event: complete')) {
          return;
        }

        const data = lines.find((line) => line.startsWith('data: '));
        if (lines.includes('event: next') && data) {
          yield JSON.parse(data.slice(6));
        }
      }
    }
  } finally {
    await reader.cancel();
  }
}

function fetcherOf(token) {
  return async (request, options) => {
    const headers = { ...options?.headers, 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json, text/event-stream' };
    if (token) {
      headers.authorization = `Bearer ${token}`;
    }

    const response = await fetch(settings.endpoint, { method: 'POST', headers, body: JSON.stringify(request) });
    return response.headers.get('content-type')?.startsWith('text/event-stream') ? events(response) : response.json();
  };
}

function AddToken({ dialog, add }) {
  const [error, setError] = useState('');
  const paste = (event) => {
    event.preventDefault();
    const token = new FormData(event.target).get('token').trim().replace(/^Bearer /i, '');
    event.target.reset();
    add(token);
  };
  const obtain = async (event) => {
    event.preventDefault();
    const response = await fetch(settings.tokens, { method: 'POST', body: new URLSearchParams(new FormData(event.target)) });
    const answer = await response.json();
    if (answer.access_token) {
      setError('');
      add(answer.access_token);
    } else {
      setError(answer.error_description ?? answer.detail ?? answer.error ?? 'No token came back.');
    }
  };
  return (
    <dialog ref={dialog} className="platform-dialog">
      <form onSubmit={paste}>
        <h2>Paste a token</h2>
        <label>Access token <textarea name="token" rows="4" required spellCheck="false" /></label>
        <button>Use it</button>
      </form>
      {settings.tokens && (
        <form onSubmit={obtain}>
          <h2>Get one for a client</h2>
          <label>Client <input name="client_id" defaultValue="demo" required /></label>
          <label>Secret <input name="client_secret" type="password" defaultValue="demo-secret" required /></label>
          <label>Scopes <input name="scope" placeholder="all that it may have" /></label>
          <button>Get it</button>
          <p role="alert">{error}</p>
        </form>
      )}
      <button type="button" onClick={() => dialog.current.close()}>Close</button>
    </dialog>
  );
}

function Ide() {
  const [tokens, setTokens] = useState(load);
  const [chosen, setChosen] = useState(0);
  const [allowed, setAllowed] = useState(!settings.operatorsOnly);
  const dialog = useRef(null);
  const token = tokens[chosen];
  const fetcher = useMemo(() => fetcherOf(token), [token]);
  const keep = (list, index) => {
    save(list);
    setTokens(list);
    setChosen(Math.max(0, index));
  };

  useEffect(() => {
    if (!settings.operatorsOnly) {
      return;
    }

    setAllowed(false);
    if (token) {
      fetch(settings.access, { headers: { authorization: `Bearer ${token}` } }).then((response) => setAllowed(response.ok), () => setAllowed(false));
    }
  }, [token]);

  return (
    <>
      <header className="platform-bar">
        <strong>Platform GraphQL</strong>
        <label>
          Token{' '}
          <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))} disabled={tokens.length === 0}>
            {tokens.length === 0 && <option>none yet</option>}
            {tokens.map((kept, index) => <option key={kept} value={index}>{describe(kept)}</option>)}
          </select>
        </label>
        <button type="button" onClick={() => dialog.current.showModal()}>Add a token</button>
        <button type="button" disabled={!token} onClick={() => keep(tokens.filter((_, index) => index !== chosen), chosen - 1)}>Forget it</button>
      </header>
      <AddToken
        dialog={dialog}
        add={(added) => {
          keep([...tokens.filter((kept) => kept !== added), added], tokens.filter((kept) => kept !== added).length);
          dialog.current.close();
        }}
      />
      <main className="platform-main">
        {!token ? <p>Add a token to begin: every request needs one.</p>
          : !allowed ? <p>This page is for operators: the token lacks the scope operate.</p>
          : <GraphiQL key={token} fetcher={fetcher} defaultQuery={settings.query} isHeadersEditorEnabled={true} shouldPersistHeaders={false} />}
      </main>
    </>
  );
}

createRoot(document.getElementById('ide')).render(<Ide />);
