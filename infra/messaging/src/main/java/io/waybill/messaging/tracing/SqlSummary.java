package io.waybill.messaging.tracing;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement does to which table, and its text on one line. Statements have placeholders for all that users say,
 * so the text holds no data.
 */
record SqlSummary(String operation, String name, String text) {

    private static final int LONGEST = 2_000;

    /** More than there are statements; a text that was put together anew each time would fill the memory. */
    private static final int MOST_KEPT = 500;

    private static final Pattern WRITE = Pattern.compile(
            "\\b(insert)\\s+into\\s+(\\w+)|\\b(delete)\\s+from\\s+(\\w+)|\\b(update)\\s+(\\w+)\\s+set\\b");
    private static final Pattern READ = Pattern.compile("\\bfrom\\s+(\\w+)");

    private static final Map<String, SqlSummary> KEPT = new ConcurrentHashMap<>();

    static SqlSummary of(String sql) {
        SqlSummary known = KEPT.get(sql);
        if (known != null) {
            return known;
        }
        SqlSummary summary = summarise(sql);
        if (KEPT.size() < MOST_KEPT) {
            KEPT.put(sql, summary);
        }
        return summary;
    }

    private static SqlSummary summarise(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        String text = line.length() <= LONGEST ? line : line.substring(0, LONGEST);
        String lower = line.toLowerCase(Locale.ROOT);
        Matcher write = WRITE.matcher(lower);
        if (write.find()) {
            for (int group = 1; group < write.groupCount(); group += 2) {
                if (write.group(group) != null) {
                    return named(write.group(group), write.group(group + 1), text);
                }
            }
        }
        Matcher read = READ.matcher(lower);
        return lower.startsWith("select") || lower.startsWith("with")
                ? named("select", read.find() ? read.group(1) : "", text)
                : named(lower.split(" ", 2)[0], "", text);
    }

    private static SqlSummary named(String verb, String table, String text) {
        String operation = verb.toUpperCase(Locale.ROOT);
        return new SqlSummary(operation, table.isEmpty() ? operation : operation + " " + table, text);
    }
}
