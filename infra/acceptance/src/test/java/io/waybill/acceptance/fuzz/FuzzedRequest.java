package io.waybill.acceptance.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as it goes over the wire, except for its caller's token, for which a name stands.
 *
 * @param target nothing where it is no request that can be answered for one
 * @param template a character for each byte
 * @param isHttp whether an answer must come
 */
record FuzzedRequest(long number, String method, String target, String template, boolean isHttp) {

    /** The header that says which request this is; contexts note it in their access logs. */
    static final String NUMBER = "Fuzz";

    private static final Pattern TOKEN = Pattern.compile("\\$[A-Z]+_TOKEN");

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** The path that was asked for, without its query. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    boolean says(String text) {
        return template.contains(text);
    }

    /** @param tokens by the names that stand for them */
    byte[] bytes(Map<String, String> tokens) {
        return TOKEN.matcher(template)
                .replaceAll(name -> Matcher.quoteReplacement(tokens.getOrDefault(name.group(), name.group())))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A line for a shell, in whose variables the tokens are. */
    String pasteable(String host, int port) {
        var line = new StringBuilder("printf \"");
        Matcher name = TOKEN.matcher(template);
        int start = 0;
        while (name.find()) {
            quote(template.substring(start, name.start()), line);
            line.append("${").append(name.group().substring(1)).append('}');
            start = name.end();
        }
        quote(template.substring(start), line);
        return line.append("\" | nc %s %d".formatted(host, port)).toString();
    }

    private static void quote(String bytes, StringBuilder line) {
        bytes.chars().forEach(c -> {
            if (c == '\r') {
                line.append("\\r");
            } else if (c == '\n') {
                line.append("\\n");
            } else if (c < 0x20 || c >= 0x7f || "\"$`\\%!".indexOf(c) >= 0) {
                line.append("\\%03o".formatted(c));
            } else {
                line.append((char) c);
            }
        });
    }
}
