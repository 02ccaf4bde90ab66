package io.waybill.gateway.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dictionaries of structured field values (RFC 9651, section 3.2). Integers become {@link Long}, strings {@link String}
 * and booleans {@link Boolean}; of every other kind only the syntax is checked. Parameters mean nothing here.
 */
final class StructuredDictionary {

    /** Stands for a value of a kind that no directive has. */
    private static final Object OTHER = new Object();

    private final String text;
    private int at;

    private StructuredDictionary(String text) {
        this.text = text;
    }

    /** The members; null where the lines are no dictionary, which then counts as absent as a whole. */
    static @Nullable Map<String, Object> parse(List<String> lines) {
        try {
            return new StructuredDictionary(String.join(",", lines)).dictionary();
        } catch (SyntaxException e) {
            return null;
        }
    }

    private Map<String, Object> dictionary() throws SyntaxException {
        var members = new LinkedHashMap<String, Object>();
        skip(" ");
        while (at < text.length()) {
            var key = key();
            Object value = true;
            if (take('=')) {
                value = take('(') ? innerList() : bareItem();
            }
            parameters();
            members.put(key, value);
            skip(" \t");
            if (at == text.length()) {
                break;
            }
            require(take(','));
            skip(" \t");
            require(at < text.length());
        }
        return members;
    }

    private Object innerList() throws SyntaxException {
        while (true) {
            skip(" ");
            if (take(')')) {
                return OTHER;
            }
            bareItem();
            parameters();
            require(peek() == ' ' || peek() == ')');
        }
    }

    private void parameters() throws SyntaxException {
        while (take(';')) {
            skip(" ");
            key();
            if (take('=')) {
                bareItem();
            }
        }
    }

    private String key() throws SyntaxException {
        require(isLower(peek()) || peek() == '*');
        var start = at;
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private Object bareItem() throws SyntaxException {
        var c = peek();
        if (c == '-' || isDigit(c)) {
            return number();
        }
        if (c == '"') {
            return string();
        }
        if (c == '?') {
            at++;
            require(peek() == '0' || peek() == '1');
            return text.charAt(at++) == '1';
        }
        if (c == ':') {
            at++;
            while (Character.isLetterOrDigit(peek()) || "+/=".indexOf(peek()) >= 0) {
                at++;
            }
            require(take(':'));
            return OTHER;
        }
        require(c == '*' || isLower(c) || (c >= 'A' && c <= 'Z'));
        while (isLower(peek())
                || isDigit(peek())
                || (peek() >= 'A' && peek() <= 'Z')
                || ":/!#$%&'*+-.^_`|~".indexOf(peek()) >= 0) {
            at++;
        }
        return OTHER;
    }

    private Object number() throws SyntaxException {
        var start = at;
        take('-');
        require(isDigit(peek()));
        digits();
        if (take('.')) {
            require(isDigit(peek()));
            digits();
            return OTHER;
        }
        require(at - start <= 16);
        return Long.parseLong(text.substring(start, at));
    }

    private void digits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    private String string() throws SyntaxException {
        at++;
        var content = new StringBuilder();
        while (!take('"')) {
            var c = peek();
            require(c >= ' ' && c <= '~');
            at++;
            if (c == '\\') {
                c = peek();
                require(c == '"' || c == '\\');
                at++;
            }
            content.append(c);
        }
        return content.toString();
    }

    /** The next character; NUL at the end, which no rule takes. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skip(String whitespace) {
        while (at < text.length() && whitespace.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static void require(boolean condition) throws SyntaxException {
        if (!condition) {
            throw new SyntaxException();
        }
    }

    private static final class SyntaxException extends Exception {

        private static final long serialVersionUID = 1L;

        SyntaxException() {
            super("no dictionary", null, false, false);
        }
    }
}
