// The only script of the desk, and nothing needs it: counts a deadline down while the page is open.
// It reads the server's clock from <html data-now>, so that a wrong clock on a phone changes nothing.
const opened = Date.now(), served = Date.parse(document.documentElement.dataset.now);
const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const words = (ms) => {
  const d = Math.floor(ms / DAY), h = Math.floor(ms / HOUR), m = Math.floor(ms / MINUTE);
  if (m < 1) return '< 1 min';
  if (h < 1) return `${m} min`;
  if (h < 24) return m % 60 ? `${h} h ${m % 60} min` : `${h} h`;
  if (h < 48) return `${h} h`;
  return h % 24 && d < 7 ? `${d} d ${h % 24} h` : `${d} d`;
};
const tick = () => {
  const now = served + (Date.now() - opened);
  for (const at of document.querySelectorAll('[data-until]')) {
    const left = Date.parse(at.dataset.until) - now;
    at.textContent = left >= 0 ? `${words(left)} left` : `${words(-left)} overdue`;
  }
};
if (served) setInterval(tick, 30_000);
