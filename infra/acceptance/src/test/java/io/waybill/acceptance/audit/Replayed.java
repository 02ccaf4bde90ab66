package io.waybill.acceptance.audit;

import java.util.Map;

/**
 * What was there before all read models were rebuilt, and afterwards.
 *
 * @param shownBefore what each address showed
 * @param doneBefore how often something was done that a replay must not do, such as calls of a partner
 */
record Replayed(
        Map<String, String> shownBefore,
        Map<String, String> shownAfter,
        Map<String, Long> doneBefore,
        Map<String, Long> doneAfter) {

    /** Nothing was rebuilt. */
    static final Replayed NOTHING = new Replayed(Map.of(), Map.of(), Map.of(), Map.of());
}
