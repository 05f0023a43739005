// What staff pages load.
import "./once.js";
import "./live.js";
import "./session.js";
import "./keys.js";
import "./palette.js";
import "./call.js";
import "./picks.js";
import "./alike.js";
import "./drafts.js";
import "./naming.js";
import "./theme.js";
