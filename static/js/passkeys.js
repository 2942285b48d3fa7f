/* The one button of a page that needs a passkey: its form goes off once the browser has asked the person for it.
   The ceremony itself is the sign-in package's (mfa/js); without this script the button stays hidden. */
(() => {
  const button = document.querySelector("[data-passkey]");
  if (!button || !window.webauthnJSON.supported()) return;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelector("[data-passkey-failed]").hidden = false;
  });
  const [start, credential] = [button.dataset.passkey, button.dataset.passkeyCredential];
  const ids = { add: button.id, authenticate: button.id, login: button.id, passwordless: "id_passwordless" };
  window.allauth.webauthn.forms[start]({ ids: { ...ids, credential, data: "passkey-options" } });
  for (const part of document.querySelectorAll("[data-passkey-needed]")) part.hidden = false;
})();
