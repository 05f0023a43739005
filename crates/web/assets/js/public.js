// What public pages load: the way out, and sending once.
import "./leave.js";
import "./once.js";
