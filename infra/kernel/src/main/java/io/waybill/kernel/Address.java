package io.waybill.kernel;

import java.util.Locale;
import java.util.Set;

/** Where to ship to. Country is an ISO 3166-1 alpha-2 code. Never printed: {@link #toString()} hides it. */
public record Address(String name, String street, String city, String postalCode, String country)
        implements PersonalData {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    public Address {
        name = Guard.text(name, 100, "name");
        street = Guard.text(street, 200, "street");
        city = Guard.text(city, 100, "city");
        postalCode = Guard.text(postalCode, 20, "postalCode");
        country = Guard.text(country, 2, "country");
        if (!COUNTRIES.contains(country)) {
            throw new InvalidValueException("country is an ISO 3166-1 alpha-2 code such as DE");
        }
    }

    @Override
    public String toString() {
        return "Address[hidden]";
    }
}
