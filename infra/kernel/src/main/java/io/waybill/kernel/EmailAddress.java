package io.waybill.kernel;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where somebody gets their mail: ASCII, at most 254 characters, in lower case, because no two mailboxes that people
 * have differ by case alone. Never printed: {@link #toString()} hides it.
 */
public record EmailAddress(String value) implements PersonalData {

    private static final int LONGEST = 254;
    private static final Pattern FORM =
            Pattern.compile("(?=.{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

    public EmailAddress {
        value = Guard.text(value, LONGEST, "email").toLowerCase(Locale.ROOT);
        Guard.matches(value, FORM, "email is an address such as ada@example.com");
    }

    public static EmailAddress of(String value) {
        return new EmailAddress(value);
    }

    @Override
    public String toString() {
        return "EmailAddress[hidden]";
    }
}
