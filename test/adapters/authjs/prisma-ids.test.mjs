// Schemas of next-auth 4, and of create-t3-app, for Prisma: their accounts and sessions have an id, which the client makes.
import assert from "node:assert/strict";
import test from "node:test";
import { PrismaAdapter } from "@auth/prisma-adapter";
import { PrismaPg } from "@prisma/adapter-pg";
import { withDatabase } from "../helpers/database.mjs";
import prismaTraits from "./adapters/prisma.mjs";
import { generateClient } from "./helpers/prisma-client.mjs";
import { assertHas, oauthAccount, times } from "./helpers/suite.mjs";

const models = (accountColumns = "") => `
model Account {
  id                String  @id @default(cuid())
  userId            String
  type              String
  provider          String
  providerAccountId String
  refresh_token     String? @db.Text
  access_token      String? @db.Text
  expires_at        Int?
  token_type        String?
  scope             String?
  id_token          String? @db.Text
  session_state     String?
  ${accountColumns}
  user              User    @relation(fields: [userId], references: [id], onDelete: Cascade)
  @@unique([provider, providerAccountId])
}

model Session {
  id           String   @id @default(cuid())
  sessionToken String   @unique
  userId       String
  expires      DateTime
  user         User     @relation(fields: [userId], references: [id], onDelete: Cascade)
}

model User {
  id            String    @id @default(cuid())
  name          String?
  email         String?   @unique
  emailVerified DateTime?
  image         String?
  accounts      Account[]
  sessions      Session[]
}

model VerificationToken {
  identifier String
  token      String   @unique
  expires    DateTime
  @@unique([identifier, token])
}
`;

const schemas = {
  "next-auth 4": { text: models(), account: oauthAccount },
  "create-t3-app": { text: models("refresh_token_expires_in Int?"), account: { ...oauthAccount, refresh_token_expires_in: 15811200 } },
};

const cuid = /^c[0-9a-z]{24}$/;
const skip = Number.parseInt(process.versions.node) < prismaTraits.node && `takes Node.js ${prismaTraits.node}`;

for (const [name, { text, account: given }] of Object.entries(schemas)) {
  test(name, { skip }, () =>
    withDatabase(async ({ admin, app }) => {
      const { PrismaClient, remove } = await generateClient(text);
      const prisma = new PrismaClient({ adapter: new PrismaPg({ ...app, max: 2 }, { schema: prismaTraits.schema }) });
      try {
        const adapter = PrismaAdapter(prisma);
        const user = await adapter.createUser({ id: "dropped", name: "Ada", email: "ada@example.com", emailVerified: null });

        const account = { userId: user.id, ...given, providerAccountId: "1" };
        await adapter.linkAccount({ ...account });
        const [linked] = await prisma.account.findMany();
        assert.match(linked.id, cuid);
        assert.deepEqual(linked, { id: linked.id, ...account });
        assert.deepEqual(await prisma.account.findUnique({ where: { id: linked.id } }), linked);
        assertHas(await adapter.getUserByAccount({ provider: account.provider, providerAccountId: "1" }), { id: user.id });
        const refreshed = await prisma.account.update({ where: { id: linked.id }, data: { access_token: "another", expires_at: 1900000000 } });
        assert.deepEqual(refreshed, { ...linked, access_token: "another", expires_at: 1900000000 });

        const session = await adapter.createSession({ sessionToken: "token", userId: user.id, expires: times.verified });
        assert.match(session.id, cuid);
        const updated = await adapter.updateSession({ sessionToken: "token", expires: times.later });
        assert.deepEqual(updated, { ...session, expires: times.later });
        const { rows } = await admin.query("SELECT id, expires FROM nextauth.sessions");
        assert.deepEqual(rows, [{ id: session.id, expires: times.later }]);
        await prisma.session.delete({ where: { id: session.id } });
        assert.equal(await adapter.getSessionAndUser("token"), null);

        await adapter.createSession({ sessionToken: "other", userId: user.id, expires: times.later });
        await adapter.deleteUser(user.id);
        assert.deepEqual([await prisma.account.count(), await prisma.session.count()], [0, 0]);
      } finally {
        await prisma.$disconnect();
        await remove();
      }
    }, { idType: "text", adapters: ["prisma"] }));
}
