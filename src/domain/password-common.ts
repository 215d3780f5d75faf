/**
 * Passwords, and hearts of passwords, that are tried first: keyboard habits, words of the trade and of this product, and
 * what people here like to take (woaini = 我爱你, 5201314 sounds like it, zhanghao = 账号, gonghui = 工会, wuxi = 无锡).
 * A heart is taken with digits and signs around it too: `Wuxi@2026!!` is `wuxi`. Lower case, written for this product.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
	`password passwd passw0rd pass administrator admin root system sysadmin manager superuser super user guest test
	testtest default welcome changeme letmein login master secret temp temporary hello access operator service
	qwerty qwertyuiop qwert asdfgh asdfghjkl asdf zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc qwerasdf abcdef abcd abc aabbcc
	iloveyou monkey dragon sunshine princess football baseball computer internet server database oracle mysql redis postgres
	woaini woaiwojia woaini1314 iloveyou1314 nihao nihaoma wobuzhidao woshishui mima mimamima zhanghao guanliyuan xitong denglu
	huanying zhongguo china beijing shanghai jiangsu nanjing suzhou wuxi wuxishi huishan liangxi binhu xishan xinwu jiangyin yixing
	zonggonghui gonghui gonghui123 zgh wxzgh wxgh gonghuiyizhan yizhan hujiayizhan huwaiyizhan laodong zhigong gongren
	fuwu fuwuqi zhengfu zhengwu bangong bangongshi duty zhiban zhibanshi dashuju pingtai xinxi xinxihua
	chunjie xinnian kuaile fendou jiayou shengri laopo laogong baobao xiaobao xiaoming zhangsan lisi wangwu lijun wangwei liwei zhangwei
	1qaz2wsx 1qaz2wsx3edc 1q2w3e4r 1q2w3e4r5t 1q2w3e 1234qwer qwer1234 123qwe 123qweasd 123qweasdzxc a123456 a12345678 a123456789 aa123456
	123456 1234567 12345678 123456789 1234567890 123123 123123123 111111 11111111 000000 00000000 666666 88888888 888888 112233 123321
	147258369 147258 159357 789456123 987654321 654321 5201314 1314520 52013145201314 520520 13145201314 woaini520 woaini5201314
	qq123456 wang123456 li123456 zhang123456 abc123 abc123456 abcd1234 admin123 admin1234 admin888 admin123456 p@ssw0rd p@ssword`
		.split(/\s+/u)
		.filter((word) => word !== '')
);
