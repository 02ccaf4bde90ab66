package io.waybill.acceptance.crash;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the statements of a transaction are about, told by their text. */
final class Content {

    /** Own events, such as a command's. */
    static final String EVENTS = "events";

    /** Copies of other contexts' events. */
    static final String COPIES = "copies";

    static final String SAGA = "saga";
    static final String READ_MODEL = "read model";
    static final String DEADLINE = "deadline";
    static final String TASK = "task";
    static final String TASK_DONE = "task done";

    /** Messages that the broker has confirmed meanwhile. */
    static final String PUBLISHED = "published";

    /** Messages for a queue of commands. */
    static final String COMMANDS = "commands";

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Map<String, Pattern> PATTERNS = patterns();

    private Content() {}

    private static Map<String, Pattern> patterns() {
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        patterns.put(EVENTS, Pattern.compile("^insert into event_stream .* returning transaction_id.*"));
        patterns.put(COPIES, Pattern.compile("^insert into event_stream .* on conflict \\(source, event_id\\).*"));
        patterns.put(SAGA, Pattern.compile("^(insert into|update|delete from) saga .*"));
        patterns.put(
                READ_MODEL, Pattern.compile("^(insert into|update) (order_summary|payment|shipment|stock_level) .*"));
        patterns.put(DEADLINE, Pattern.compile("^delete from deadline where id in .*"));
        patterns.put(TASK, Pattern.compile("^insert into task .*"));
        patterns.put(TASK_DONE, Pattern.compile(".* delete from task using relaxed\\b.*"));
        return patterns;
    }

    /** Nothing where the statement is about none of these. */
    static Set<String> of(String sql) {
        String text = BLANKS.matcher(sql).replaceAll(" ").toLowerCase(Locale.ROOT);
        return PATTERNS.entrySet().stream()
                .filter(one -> one.getValue().matcher(text).matches())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
