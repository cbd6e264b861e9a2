// A mail server and a message centre for the stories: npm smtp-server and npm smpp on free ports. What they get is written to
// the standard output, a JSON object a line; a line on the standard input is a message of a customer.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../ui/package.json", import.meta.url));
const { SMTPServer } = require("smtp-server");
const smpp = require("smpp");
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const mail = new SMTPServer({
  authOptional: true, disabledCommands: ["STARTTLS"], logger: false,
  onRcptTo(address, session, done) {
    if (address.address.startsWith("nobody@")) return done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
    if (address.address.startsWith("later@") && !seen.has(address.address)) {
      seen.add(address.address);
      return done(Object.assign(new Error("try again later"), { responseCode: 451 }));
    }
    done();
  },
  onData(stream, session, done) {
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (part) => { text += part; });
    stream.on("end", () => { say({ mail: { to: session.envelope.rcptTo.map((r) => r.address), from: session.envelope.mailFrom.address, text } }); done(); });
  },
});
const seen = new Set();

// Numbers that end so are treated so; all others are delivered.
const THROTTLED = "01", UNKNOWN = "02", SWITCHED_OFF = "03", TWICE = "04", EARLY = "05";
let session;
let count = 0;
const centre = smpp.createServer({ autoPrependBuffer: true }, (s) => {
  s.on("bind_transceiver", (pdu) => {
    if (pdu.password !== "secret") return s.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
    session = s;
    s.send(pdu.response());
    say({ bound: pdu.system_id });
  });
  s.on("enquire_link", (pdu) => s.send(pdu.response()));
  s.on("unbind", (pdu) => { s.send(pdu.response()); s.close(); });
  s.on("submit_sm", (pdu) => {
    const to = pdu.destination_addr, end = to.slice(-2);
    if (end === UNKNOWN) return s.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
    if (end === THROTTLED && !seen.has(to)) { seen.add(to); return s.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED })); }
    const id = `m${++count}`;
    const body = pdu.short_message.message ?? pdu.short_message;
    const udh = pdu.short_message.udh?.[0];
    const header = udh ? [...udh] : null;
    say({ sm: { to, from: pdu.source_addr, coding: pdu.data_coding, text: Buffer.isBuffer(body) ? body.toString("latin1") : body, header, receipt: pdu.registered_delivery, id } });
    const receipt = () => {
      const stat = end === SWITCHED_OFF ? "UNDELIV" : "DELIVRD";
      const text = `id:${id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:${stat} err:${stat === "DELIVRD" ? "000" : "027"} text:`;
      s.send(new smpp.PDU("deliver_sm", { esm_class: 4, source_addr: to, destination_addr: pdu.source_addr, short_message: text }), (answer) => say({ receipt: id, status: answer.command_status }));
    };
    // A receipt may be faster than the answer that names its id.
    if (end === EARLY) { receipt(); setTimeout(() => s.send(pdu.response({ message_id: id })), 60); return; }
    s.send(pdu.response({ message_id: id }));
    setTimeout(receipt, 5);
    if (end === TWICE) setTimeout(receipt, 15);
  });
  s.on("error", () => {});
});
centre.on("error", (e) => say({ error: String(e) }));

mail.listen(0, "127.0.0.1", () => {
  centre.listen(0, "127.0.0.1", () => say({ ready: { smtp: mail.server.address().port, smpp: centre.address().port } }));
});
createInterface({ input: process.stdin }).on("line", (line) => {
  const { from, text } = JSON.parse(line);
  session?.send(new smpp.PDU("deliver_sm", { esm_class: 0, source_addr: from, destination_addr: "10000", data_coding: 8, short_message: { message: text } }), (answer) => say({ mo: text, status: answer.command_status }));
}).on("close", () => process.exit(0));
