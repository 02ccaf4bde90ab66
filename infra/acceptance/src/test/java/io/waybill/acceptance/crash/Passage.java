package io.waybill.acceptance.crash;

import java.util.Set;

/**
 * A process comes by something that it does.
 *
 * @param where the part of the context that does it: a processor, a queue whose message it is about, {@code http},
 *     {@code task} or {@code deadlines}
 * @param what the kinds of content, see {@link Content}
 */
record Passage(Deed deed, Moment moment, String where, Set<String> what) {}
