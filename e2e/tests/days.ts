/** The date so many days from today in Oslo, as forms send it. */
export function day(days: number): string {
  const today = new Date().toLocaleDateString("sv", { timeZone: "Europe/Oslo" });
  return new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
}
