package io.waybill.gateway.cache;

import java.util.ArrayList;
import java.util.List;

/** Lists of RFC 9110, section 5.6.1: members between commas, where a comma inside quotes is no separator. */
final class ListSyntax {

    private ListSyntax() {}

    /** The members without the white space around them; empty ones are left out. */
    static List<String> split(String value) {
        var members = new ArrayList<String>();
        var member = new StringBuilder();
        var quoted = false;
        for (int i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (quoted && c == '\\' && i + 1 < value.length()) {
                member.append(c).append(value.charAt(++i));
                continue;
            }
            if (c == '"') {
                quoted = !quoted;
            }
            if (c == ',' && !quoted) {
                add(members, member);
            } else {
                member.append(c);
            }
        }
        add(members, member);
        return members;
    }

    private static void add(List<String> members, StringBuilder member) {
        var text = member.toString().strip();
        if (!text.isEmpty()) {
            members.add(text);
        }
        member.setLength(0);
    }
}
