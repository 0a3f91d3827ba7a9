import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.util.VersionInfo;
import java.util.regex.Pattern;

/**
 * Makes features/handles/look-alikes.tsv: the characters that look like Latin letters or digits.
 *
 * <pre>
 * mvn dependency:copy -Dartifact=com.ibm.icu:icu4j:78.1 -DoutputDirectory=/tmp/icu
 * java -cp /tmp/icu/icu4j-78.1.jar docs/MakeLookAlikes.java > features/handles/look-alikes.tsv
 * </pre>
 */
public class MakeLookAlikes {
    private static final Pattern MARKS = Pattern.compile("[\\p{M}\\p{Cf}]+");
    private static final Pattern LATIN = Pattern.compile("[A-Za-z0-9]+");
    private static final SpoofChecker SKELETONS = new SpoofChecker.Builder().build();

    public static void main(String[] args) {
        System.out.printf("# Characters whose skeleton (Unicode TS 39) is Latin letters or digits%n");
        System.out.printf("# once combining marks are gone, and whose compatibility form is not.%n");
        System.out.printf("# Unicode %s, from ICU4J %s; made by docs/MakeLookAlikes.java%n",
            UCharacter.getUnicodeVersion(), VersionInfo.ICU_VERSION);
        System.out.printf("# Licence: Unicode-3.0, see look-alikes.LICENSE%n");
        for (int point = 0x80; point <= Character.MAX_CODE_POINT; point++) {
            if (UCharacter.isDefined(point) && UCharacter.getType(point) != Character.SURROGATE) {
                print(point);
            }
        }
    }

    private static void print(int point) {
        String shown = Character.toString(point);
        String plain = Normalizer2.getNFKDInstance().normalize(shown);
        String latin = readable(point, withoutMarks(SKELETONS.getSkeleton(shown)));
        if (LATIN.matcher(latin).matches() && !LATIN.matcher(withoutMarks(plain)).matches()) {
            System.out.printf("%04X\t%s\t%s%n", point, latin, UCharacter.getName(point));
        }
    }

    /** Unicode's prototype of m is rn, that of a capital I is l: here they are themselves. */
    private static String readable(int point, String skeleton) {
        boolean capitalI = skeleton.equals("l") && UCharacter.isUUppercase(point);
        return capitalI ? "I" : skeleton.replace("rn", "m");
    }

    private static String withoutMarks(String text) {
        return MARKS.matcher(text).replaceAll("");
    }
}
